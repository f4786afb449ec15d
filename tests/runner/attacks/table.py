"""The attacks: small scripts that print ESCAPED when they get what no script may have."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from runner import Reason
from runner.inside.seccomp import DEADLY, REFUSED, _library

TRIED = "all were tried"
SECRET = "swordfish-5f1e"
"""In the environment and the memory of the process that runs the tests, and in a file it wrote."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One script, and what must become of it."""

    family: str
    name: str
    source: str
    ends: tuple[Reason, ...] = ()
    """How it must end; empty: anyhow, so long as it does not escape."""
    shared: bool = False
    """What it uses up is shared where a job has no namespaces of its own: then the self-test must have said so."""
    says: str = ""
    """What it must have printed: that everything was tried, where one script tries many things."""

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def attacks() -> list[Attack]:
    """All of them. What is refused and not deadly is tried in one job, by name."""
    found = [Attack(family, name, *row) for family, rows in FAMILIES.items() for name, row in rows.items()]  # type: ignore[arg-type]
    found += [Attack("system calls", name, system_calls([name]), ERROR) for name in DEADLY.split()]
    found.append(Attack("system calls", "all that are refused", system_calls(REFUSED.split()), says=TRIED))
    found.append(Attack("network", "sockets of every kind", sockets(SOCKETS), says=TRIED))
    found.append(Attack("limits relaxed", "every limit", relaxed(LIMITS), says=TRIED))
    if os.uname().machine == "x86_64":
        found += [Attack("foreign architecture", name, native(code)) for name, code in FOREIGN_CODE.items()]
    return found


def attacks_that_concern(mode: str) -> list[Attack]:
    """Those that the layer that `mode` lacks helps against: the other layers are the same in every mode."""
    return [attack for attack in attacks() if attack.family in CONCERNED[mode] or attack.shared]


def system_calls(names: list[str]) -> str:
    """A script that makes system calls by their numbers, with harmless arguments."""
    numbers = {name: _library().seccomp_syscall_resolve_name(name.encode()) for name in names}
    return (
        "import ctypes, errno, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        f"for name, number in {numbers!r}.items():\n"
        "    if number < 0: continue\n"
        "    result = libc.syscall(number, *[ctypes.c_long(n) for n in (0, 0, 0, 0, 0, 0)])\n"
        "    if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS): print('ESCAPED', name, result)\n"
        f"print({TRIED!r})"
    )


def sockets(kinds: Sequence[str]) -> str:
    """A script that tries to get a socket of each kind."""
    return (
        "import socket\n"
        f"for name in {kinds!r}:\n"
        "    try: eval(f'socket.socket({name})')\n"
        "    except OSError: continue\n"
        "    print('ESCAPED', name)\n"
        f"print({TRIED!r})"
    )


def relaxed(limits: Sequence[str]) -> str:
    """A script that tries to raise resource limits."""
    return (
        "import resource\n"
        f"for name in {limits!r}:\n"
        "    what = getattr(resource, name)\n"
        "    before = resource.getrlimit(what)\n"
        "    for most in ((-1, -1), (before[0] + 1, before[1] + 1)):\n"
        "        try: resource.setrlimit(what, most)\n"
        "        except (OSError, ValueError): pass\n"
        "    if resource.getrlimit(what)[1] != before[1]: print('ESCAPED', name)\n"
        f"print({TRIED!r})"
    )


def native(code: bytes) -> str:
    """A script that runs machine code; it gets through if the code returns at all, with anything but ENOSYS."""
    return (
        "import ctypes, mmap\n"
        f"code = bytes.fromhex('{code.hex()}')\n"
        "area = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)\n"
        "area.write(code)\n"
        "run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))\n"
        "if run() != -38: print('ESCAPED')"
    )


FOREIGN_CODE = {
    "32-bit getpid": bytes.fromhex("b814000000 cd80 c3"),
    "32-bit fork": bytes.fromhex("b802000000 cd80 c3"),
    "x32 getpid": bytes.fromhex("b827000040 0f05 c3"),
}
SOCKETS = (
    "socket.AF_INET",
    "socket.AF_INET, socket.SOCK_DGRAM",
    "socket.AF_INET, socket.SOCK_RAW, 1",
    "socket.AF_INET6",
    "socket.AF_UNIX",
    "socket.AF_NETLINK, socket.SOCK_RAW",
    "socket.AF_PACKET, socket.SOCK_RAW",
    "socket.AF_ALG, socket.SOCK_SEQPACKET",
    "socket.AF_VSOCK",
    "31, socket.SOCK_RAW",
    "44, socket.SOCK_RAW",
)
LIMITS = (
    "RLIMIT_CPU",
    "RLIMIT_DATA",
    "RLIMIT_AS",
    "RLIMIT_FSIZE",
    "RLIMIT_NOFILE",
    "RLIMIT_NPROC",
    "RLIMIT_CORE",
    "RLIMIT_MEMLOCK",
)
CONCERNED = {
    "without bubblewrap": (
        "processes",
        "disk",
        "writing outside",
        "secrets",
        "network",
        "signals",
        "artifacts",
    ),
    "without user namespaces": (
        "memory",
        "processes",
        "disk",
        "writing outside",
        "secrets",
        "network",
        "signals",
        "artifacts",
        "limits relaxed",
    ),
}
"""The families that concern a mode. Without bubblewrap a job sees the host's files, processes and network; without user
namespaces it also shares its folder's disk, its threads and its user with other jobs."""
GROW = "kept = []\nfor _ in range(70): kept.append({})\nprint('ESCAPED')"
READ = "print('ESCAPED', open({}, 'rb').read(1)[:0])"
WRITE = "open({}, 'w').write('x')\nprint('ESCAPED')"
SPIN = "while True: pass"
TIMEOUT, MEMORY, OUTPUT, ERROR = ((reason,) for reason in (Reason.TIMEOUT, Reason.MEMORY, Reason.OUTPUT, Reason.ERROR))
FRAME = "import os, struct, json\ndef send(kind, body): os.write(3, struct.pack('>IB', len(body), kind) + body)\n"

FAMILIES: dict[str, dict[str, tuple[object, ...]]] = {
    "memory": {
        "bytearrays": (GROW.format("bytearray(b'x') * 10_000_000"), MEMORY),
        "numpy": ("import numpy\n" + GROW.format("numpy.ones(1_250_000)"), MEMORY),
        "one string": ("kept = 'x' * 700_000_000\nprint('ESCAPED')", MEMORY),
        "many small objects": (
            "kept = []\nwhile len(kept) < 3_000_000: kept.append([0] * 30)\nprint('ESCAPED')",
            MEMORY + TIMEOUT,
        ),
        "private mapping": (
            "import mmap\n" + GROW.format("(m := mmap.mmap(-1, 10**7, flags=34), m.write(b'x' * 10**7))"),
        ),
        "shared mapping": ("import mmap\n" + GROW.format("(m := mmap.mmap(-1, 10**7), m.write(b'x' * 10**7))"),),
        "mapping of /dev/zero": (
            "import mmap, os\nzero = os.open('/dev/zero', os.O_RDWR)\n"
            + GROW.format("(m := mmap.mmap(zero, 10**7), m.write(b'x' * 10**7))"),
        ),
        "mapped files": (
            "import mmap\ndef part(n):\n    f = open(str(n), 'wb+'); f.truncate(3_900_000)\n"
            "    m = mmap.mmap(f.fileno(), 3_900_000); m.write(b'x' * 3_900_000); return m\n"
            "kept = [part(n) for n in range(120)]\nprint('ESCAPED')",
            (),
            True,
        ),
        "memfd": ("import os\nos.write(os.memfd_create('x'), b'x' * 10**8)\nprint('ESCAPED')",),
        "brk": (
            "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.sbrk.restype = ctypes.c_void_p\n"
            "for _ in range(70):\n    if libc.sbrk(10**7) in (None, 2**64 - 1): raise MemoryError\n"
            "print('ESCAPED')",
        ),
        "tensors": (
            "import tensorflow as tf\nkept = [tf.ones([10**6]) for _ in range(180)]\nprint('ESCAPED')",
            MEMORY + TIMEOUT,
        ),
        "compressed bomb": (
            "import zlib\nsmall = zlib.compress(bytes(10**7)) \nkept = [zlib.decompress(small) for _ in range(70)]\n"
            "print('ESCAPED')",
            MEMORY + TIMEOUT,
        ),
        "kernel buffers of pipes": (
            "import os, fcntl\nsize = 0\nkept = []\n"
            "try:\n    while True:\n        r, w = os.pipe(); os.set_blocking(w, False); kept.append(w)\n"
            "        try: fcntl.fcntl(w, 1031, 1 << 20)\n        except OSError: pass\n"
            "        try:\n            while True: size += os.write(w, bytes(65536))\n"
            "        except BlockingIOError: pass\n"
            "except OSError: pass\nif size > 20_000_000: print('ESCAPED')",
        ),
        "a number without end": ("x = 1 << 8_000_000_000\nprint('ESCAPED')", MEMORY),
    },
    "time": {
        "busy": (SPIN, TIMEOUT),
        "busy without the signal": ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n" + SPIN, TIMEOUT),
        "busy threads": (
            "import threading\nfor _ in range(4): threading.Thread(target=lambda: exec('while True: pass')).start()",
            TIMEOUT,
        ),
        "busy in native code": ("x = 3 ** (10 ** 9)", TIMEOUT + MEMORY),
        "a pattern without end": ("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')", TIMEOUT),
        "asleep": ("import time\ntime.sleep(1000)", TIMEOUT),
        "stopped": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", TIMEOUT),
        "all signals blocked": (
            "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n" + SPIN,
            TIMEOUT,
        ),
        "busy at exit": ("import atexit\natexit.register(lambda: exec('while True: pass'))", TIMEOUT),
        "a thread that stays": (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()",
            TIMEOUT,
        ),
        "busy while it is saved": (
            "import keras\nm = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
            "m.compile(loss='mse')\nimport numpy as np\nm.fit(np.zeros((2, 2)), np.zeros(2), verbose=0)\n"
            "keras.Model.save = lambda *a: exec('while True: pass')",
            TIMEOUT,
        ),
    },
    "processes": {
        "fork": ("import os\nos.fork()\nprint('ESCAPED')", ERROR),
        "fork in a loop": ("import os\nwhile True: os.fork()", ERROR),
        "forkpty": ("import pty\npty.fork()\nprint('ESCAPED')", ERROR),
        "vfork": ("import ctypes\nif ctypes.CDLL(None).vfork() >= 0: print('ESCAPED')",),
        "a shell": ("import os\nif os.system('true') == 0: print('ESCAPED')",),
        "subprocess": ("import subprocess, sys\nsubprocess.run([sys.executable, '-V'])\nprint('ESCAPED')", ERROR),
        "spawn": ("import os, sys\nos.posix_spawn(sys.executable, ['x'], {})\nprint('ESCAPED')", ERROR),
        "exec": ("import os, sys\nos.execv(sys.executable, ['x', '-c', 'print(\"ESC\" + \"APED\")'])", ERROR),
        "exec by the loader": ("import os\nos.execv('/lib64/ld-linux-x86-64.so.2', ['x'])\nprint('ESCAPED')", ERROR),
        "multiprocessing": (
            "import multiprocessing.context as c, os\nhome = os.getpid()\n"
            "def show():\n    if os.getpid() != home: print('ESCAPED')\n"
            "c.ForkProcess(target=show).start()",
            ERROR,
        ),
        "multiprocessing as scripts write it": (
            "import multiprocessing as m, os\nhome = os.getpid()\n"
            "def show():\n    if os.getpid() != home: print('ESCAPED')\n"
            "one = m.Process(target=show)\none.start()\none.join()",
        ),
        "clone in a new namespace": (
            "import ctypes, platform\nnumber = 56 if platform.machine() == 'x86_64' else 220\n"
            "if ctypes.CDLL(None).syscall(number, 0x10000000 | 17, 0, 0, 0, 0) >= 0: print('ESCAPED')",
        ),
        "clone3": ("import ctypes\nif ctypes.CDLL(None).syscall(435, bytes(88), 88) >= 0: print('ESCAPED')",),
        "threads without end": (
            "import threading\nthreading.stack_size(65536)\nstop = threading.Event()\n"
            "for n in range(400): threading.Thread(target=stop.wait, daemon=True).start()\nprint('ESCAPED')",
            (),
            True,
        ),
        "a session of its own": ("import os\nos.setsid()\nprint('ESCAPED')", ERROR),
    },
    "disk": {
        "one large file": ("open('a', 'wb').write(bytes(5_000_000))\nprint('ESCAPED')", OUTPUT),
        "large files": (
            "for n in range(9): open(str(n), 'wb').write(bytes(3_900_000))\nprint('ESCAPED')",
            (),
            True,
        ),
        "a sparse file": ("open('a', 'wb').truncate(10**12)\nprint('ESCAPED')", OUTPUT),
        "a reserved file": (
            "import os\nos.posix_fallocate(os.open('a', os.O_CREAT | os.O_WRONLY), 0, 10**9)\nprint('ESCAPED')",
            OUTPUT,
        ),
        "countless files": ("for n in range(9000): open(str(n), 'w').close()\nprint('ESCAPED')", (), True),
        "countless folders": ("import os\nfor n in range(9000): os.mkdir(str(n))\nprint('ESCAPED')", (), True),
        "a bottomless folder": (
            "import os\nfor n in range(9000): os.mkdir('d'); os.chdir('d')\nprint('ESCAPED')",
            (),
            True,
        ),
        "open files without end": ("kept = [open('a', 'w') for _ in range(500)]\nprint('ESCAPED')", ERROR),
        "folders nobody may enter": ("import os\nfor n in range(20): os.mkdir(str(n), 0)",),
        "hard links": ("import os\nopen('a', 'w')\nfor n in range(9): os.link('a', str(n))\nprint('ESCAPED')", ERROR),
        "ten thousand pictures": ("for n in range(1500): open(f'{n}.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n')",),
    },
    "writing outside": {
        "tmp": (WRITE.format("'/tmp/x'"), ERROR),
        "shared memory": (WRITE.format("'/dev/shm/x'"), ERROR),
        "root": (WRITE.format("'/x'"), ERROR),
        "above": (WRITE.format("'../x'"), ERROR),
        "packages": ("import keras\n" + WRITE.format("keras.__file__ + 'x'"), ERROR),
        "an existing package": ("import keras\n" + WRITE.format("keras.__file__"), ERROR),
        "the standard library": ("import os\n" + WRITE.format("os.__file__"), ERROR),
        "the runner": ("import inside.cell\n" + WRITE.format("inside.cell.__file__"), ERROR),
        "bytecode": ("import keras\n" + WRITE.format("keras.__cached__"), ERROR),
        "fonts": ("import os\n" + WRITE.format("os.environ['MPLCONFIGDIR'] + '/x'"), ERROR),
        "its own oom score": (WRITE.format("'/proc/self/oom_score_adj'"), ERROR),
        "kernel settings": (WRITE.format("'/proc/sys/kernel/core_pattern'"), ERROR),
        "delete a package": ("import os, keras\nos.unlink(keras.__file__)\nprint('ESCAPED')", ERROR),
        "rename its way out": ("import os\nopen('a', 'w')\nos.rename('a', '/tmp/a')\nprint('ESCAPED')", ERROR),
        "a link out": ("import os\nos.symlink('/tmp', 'l')\nprint('ESCAPED')", ERROR),
        "modes of a package": (
            "import os, keras\nbefore = os.stat(keras.__file__).st_mode\nos.chmod(keras.__file__, 0o777)\n"
            "if os.stat(keras.__file__).st_mode != before: print('ESCAPED')",
        ),
        "times of a package": (
            "import os, keras\nbefore = os.stat(keras.__file__).st_mtime\nos.utime(keras.__file__)\n"
            "if os.stat(keras.__file__).st_mtime != before: print('ESCAPED')",
        ),
        "truncate a package": ("import os, keras\nos.truncate(keras.__file__, 0)\nprint('ESCAPED')", ERROR),
        "a device": ("import os\nos.mknod('d', 0o60600, os.makedev(254, 0))\nprint('ESCAPED')", ERROR),
    },
    "secrets": {
        "passwords": (READ.format("'/etc/shadow'"), ERROR),
        "users": (READ.format("'/etc/passwd'"), ERROR),
        "the home folder": ("import os\nos.listdir('/root')\nprint('ESCAPED')", ERROR),
        "the machine": ("import os\nos.listdir('/')\nprint('ESCAPED')", ERROR),
        "the checkout": (READ.format(repr(__file__)), ERROR),
        "the host's file": (READ.format("'SECRET_FILE'"), ERROR),
        "the environment": (f"import os\nif {SECRET!r} in str(os.environ): print('ESCAPED')",),
        "the environment it was born with": (
            "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.getenv.restype = ctypes.c_char_p\n"
            "if libc.getenv(b'TUTOR_TOKEN'): print('ESCAPED')",
        ),
        "its own /proc environment": (
            f"if {SECRET.encode()!r} in open('/proc/self/environ', 'rb').read(): print('ESCAPED')",
        ),
        "the parent's environment": ("import os\n" + READ.format("f'/proc/{os.getppid()}/environ'"), ERROR),
        "the parent's memory": ("import os\n" + READ.format("f'/proc/{os.getppid()}/mem'"), ERROR),
        "the parent's descriptors": ("import os\nos.listdir(f'/proc/{os.getppid()}/fd')\nprint('ESCAPED')", ERROR),
        "other processes": (
            "import os\nothers = [n for n in os.listdir('/proc') if n.isdigit() and int(n) != os.getpid()]\n"
            "if others: print('ESCAPED', others)",
        ),
        "inherited descriptors": (
            "import os\nfor n in range(5, 2000):\n    try: os.fstat(n)\n    except OSError: continue\n"
            "    print('ESCAPED', n)",
        ),
        "the descriptors of others": (
            "import os\nfor n in range(5):\n"
            "    try: found = os.readlink(f'/proc/self/fd/{n}')\n    except OSError: continue\n"
            "    if found.startswith('socket'): print('ESCAPED', found)",
        ),
        "what an earlier job left": (
            "import os\nif set(os.listdir()) - {'example.py'}: print('ESCAPED', os.listdir())",
        ),
        "an earlier job's source in memory": (
            "import gc\nword = 'hello from ' + 'next door'\n"
            "if any(isinstance(o, str) and word in o for o in gc.get_objects()): print('ESCAPED')",
        ),
        "an earlier job's lines": (
            "import linecache\nif len(linecache.cache.get('neighbour.py', ())): print('ESCAPED')",
        ),
        "the kernel's log": ("import ctypes\nif ctypes.CDLL(None).klogctl(3, bytes(100), 100) >= 0: print('ESCAPED')",),
        "disks": (READ.format("'/dev/vda'"), ERROR),
        "memory of the machine": (READ.format("'/dev/mem'"), ERROR),
    },
    "network": {
        "a name": ("import socket\nsocket.getaddrinfo('localhost', 80)\nprint('ESCAPED')", ()),
        "a connection": ("import socket\nsocket.create_connection(('127.0.0.1', 22), 1)\nprint('ESCAPED')", ERROR),
        "a page": ("import urllib.request\nurllib.request.urlopen('http://127.0.0.1')\nprint('ESCAPED')", ERROR),
        "a server": ("import socket\nsocket.create_server(('127.0.0.1', 0))\nprint('ESCAPED')", ERROR),
        "a pair": ("import socket\nsocket.socketpair()\nprint('ESCAPED')", ERROR),
        "its standard input as a socket": (
            "import ctypes\nlibc = ctypes.CDLL(None)\n"
            "for n in range(5):\n    if libc.send(n, b'x', 1, 0) >= 0: print('ESCAPED', n)",
        ),
    },
    "signals": {
        "the parent": ("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nprint('ESCAPED')", ERROR),
        "the first process": ("import os, signal\nos.kill(1, signal.SIGTERM)\nprint('ESCAPED')", ERROR),
        "everybody": ("import os, signal\nos.kill(-1, signal.SIGKILL)\nprint('ESCAPED')", ERROR),
        "its group": ("import os, signal\nos.killpg(0, signal.SIGKILL)\nprint('ESCAPED')", ERROR),
        "any number": (
            "import os\nfor n in range(2, 40_000):\n    if n == os.getpid(): continue\n    try: os.kill(n, 9)\n"
            "    except PermissionError: continue\n    print('ESCAPED', n)",
        ),
        "a queued one": (
            "import ctypes, os\nif ctypes.CDLL(None).sigqueue(os.getppid(), 10, None) == 0: print('ESCAPED')",
        ),
        "a thread of another": (
            "import ctypes, os\nif ctypes.CDLL(None).tgkill(os.getppid(), os.getppid(), 9) == 0: print('ESCAPED')",
        ),
        "debug the parent": (
            "import ctypes, os\nif ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0: print('ESCAPED')",
            ERROR,
        ),
        "be looked into": ("import ctypes\nif ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0: print('ESCAPED')",),
        "limits of the parent": (
            "import resource, os\nresource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))\nprint('ESCAPED')",
            ERROR,
        ),
        "a parent that lives longer": (
            "import ctypes\nif ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0: print('ESCAPED')",
        ),
    },
    "output and frames": {
        "printing without end": ("while True: print('x' * 10_000)", OUTPUT),
        "errors without end": ("import sys\nwhile True: sys.stderr.write('x' * 10_000)", OUTPUT),
        "bytes of every kind": ("import os\nos.write(1, bytes(range(256)) * 100)",),
        "epochs without end": (
            FRAME
            + 'body = b\'{"epoch":1,"epochs":1,"metrics":{},"seconds":1,"diverged":[]}\'\nwhile True: send(2, body)',
            OUTPUT,
        ),
        "a frame that never ends": (
            FRAME + "os.write(3, b'\\0\\0\\xff\\0\\2')\nwhile True: os.write(3, bytes(1000))",
            OUTPUT + ERROR,
        ),
        "a frame of four gigabytes": ("import os\nos.write(3, b'\\xff' * 5)\nimport time; time.sleep(9)", ERROR),
        "infinity": (
            FRAME + 'send(2, b\'{"epoch":1,"epochs":1,"metrics":{"loss":1e999},"seconds":1,"diverged":[]}\')\n'
            "import time; time.sleep(9)",
            ERROR,
        ),
        "deep nesting": (FRAME + "send(2, b'[' * 60_000)\nimport time; time.sleep(9)", ERROR),
        "garbage": ("import os\nos.write(3, os.urandom(100_000))\nimport time; time.sleep(9)", ERROR + OUTPUT),
        "a failure that is not its to claim": (
            FRAME + 'send(5, b\'{"reason":"lost","detail":"","line":null,"seconds":1}\')\nimport time; time.sleep(9)',
            ERROR,
        ),
        "a result and then more work": (FRAME + "send(4, b'{\"seconds\":1}')\n" + SPIN,),
        "a result and then a flood": (FRAME + "send(4, b'{\"seconds\":1}')\nwhile True: print('x' * 10_000)",),
        "half a frame": (FRAME + "os.write(3, b'\\0\\0')\nos._exit(0)", ERROR),
        "no channel": ("import os\nos.close(3)\nimport time; time.sleep(9)", ERROR),
        "no descriptors": ("import os\nos.closerange(0, 100)\nimport time; time.sleep(9)", ERROR),
        "terminal codes": ("print('\\x1b]0;x\\x07\\x1b[2J' + '\\u202e' * 100)",),
    },
    "tricks": {
        "a patched channel": ("import inside.wire\ninside.wire.Channel.send = lambda *a: None", ERROR),
        "a patched verdict": ("import inside.script\ninside.script.crash = None\n1 / 0", ERROR),
        "patched built-ins": ("import builtins\nbuiltins.open = builtins.print = builtins.len = None",),
        "no modules": ("import sys\nsys.modules.clear()",),
        "tracing": ("import sys\nsys.settrace(lambda *a: 1 / 0)\nprint(1)",),
        "profiling": ("import threading, sys\nthreading.setprofile(print)\nsys.setprofile(lambda *a: None)",),
        "a finalizer that leaves": ("import os\nclass A:\n    def __del__(self): os._exit(0)\na = A()\ndel a", ERROR),
        "a finalizer that raises": ("class A:\n    def __del__(self): raise SystemExit\na = A()",),
        "an exit that raises": ("import atexit\natexit.register(lambda: 1 / 0)",),
        "a hook on exceptions": ("import sys\nsys.excepthook = lambda *a: None\n1 / 0", ERROR),
        "an exception that is none": ("raise type('X', (BaseException,), {'__str__': lambda s: 1 / 0})", ERROR),
        "an exception with false frames": ("import os\nexec(compile('1 / 0', '/etc/passwd', 'exec'))", ERROR),
        "a stack without end": ("import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",),
        "null pointers": ("import ctypes\nctypes.memset(0, 0, 1)", ERROR),
        "another main": ("import sys\nsys.modules['__main__'] = None\nsys.argv = sys.path = None",),
        "no working folder": ("import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)",),
        "a cycle of causes": ("e = ValueError()\ne.__cause__ = e\nraise e", ERROR),
        "an endless module path": ("import sys\nsys.path[:] = ['/' * 3000] * 3000\nimport nothing", ERROR),
        "collected while it dies": ("import gc\ngc.set_threshold(1)\ngc.callbacks.append(lambda *a: 1 / 0)",),
        "a fault handler": ("import faulthandler, ctypes\nfaulthandler.enable()\nctypes.string_at(0)", ERROR),
    },
    "artifacts": {
        "a folder": ("import os\nos.mkdir('model.keras')",),
        "a fifo": ("import os\nos.mkfifo('model.keras')\nprint('ESCAPED')", ERROR),
        "a link": ("import os\nos.symlink('/etc/passwd', 'model.keras')\nprint('ESCAPED')", ERROR),
        "a hard link": ("import os, keras\nos.link(keras.__file__, 'model.keras')\nprint('ESCAPED')", ERROR),
        "a socket": ("import socket\nsocket.socket(socket.AF_UNIX).bind('model.keras')\nprint('ESCAPED')", ERROR),
        "a file where pictures go": ("open('.pictures', 'w').close()",),
        "a folder where a picture goes": ("import os\nos.makedirs('.pictures/curves.png')",),
        "a picture of a million pixels a side": (
            "import struct, zlib\nhead = b'IHDR' + struct.pack('>IIBBBBB', 10**6, 10**6, 8, 2, 0, 0, 0)\n"
            "open('a.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + struct.pack('>I', 13) + head + "
            "struct.pack('>I', zlib.crc32(head)) + b'\\0\\0\\0\\0IEND\\xaeB`\\x82')",
        ),
        "a picture that is none": ("open('a.png', 'w').write('<script>')",),
        "a picture with an odd name": ("open('a\\n\\u202e.png', 'w').close()",),
    },
}
