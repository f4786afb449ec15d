"""The instructors' web pages: HTML drawn on the server, charts as SVG. Public: site.dashboard."""
