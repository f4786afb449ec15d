"""The inside of the sandbox: everything that runs behind its walls, and nothing else.

Only this folder is visible to a sandboxed process. It is the only place that imports TensorFlow. The host imports
`wire` from it.
"""
