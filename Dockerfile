# The bot with its sandbox and TensorFlow. compose.yaml runs it, docs/operating.md tells how, and .ci/image proves it.

# The libraries: they change with pyproject.toml and constraints.txt only, so that an update of the bot moves a few megabytes.
FROM python:3.11-slim-bookworm AS libraries
WORKDIR /source
ENV PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml constraints.txt ./
# Gone afterwards: headers for compiling TensorFlow's extensions (430 MB).
# Files of an image never change, so the bytecode need not be compared with the source's dates.
RUN python3 -m venv /opt/tutor \
 && /opt/tutor/bin/pip install --quiet -c constraints.txt pip setuptools wheel \
 && /opt/tutor/bin/python -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
print(*p["dependencies"], *p["optional-dependencies"]["runner"], sep="\n")' >wanted.txt \
 && /opt/tutor/bin/pip install --quiet -c constraints.txt -r wanted.txt \
 && rm -rf /opt/tutor/lib/python3.*/site-packages/tensorflow/include \
 && /opt/tutor/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/tutor/lib

# The bot itself, laid out as in the environment.
FROM libraries AS program
COPY . .
RUN /opt/tutor/bin/pip install --quiet --no-deps --no-build-isolation --ignore-installed --prefix /program . \
 && /opt/tutor/bin/python -m compileall -q --invalidation-mode unchecked-hash /program/lib

# What runs.
FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends bubblewrap libseccomp2 >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin tutor \
 && install -d -o tutor -g tutor -m 0700 /data
COPY --from=libraries /opt/tutor /opt/tutor
COPY --from=program /program /opt/tutor
ENV PATH=/opt/tutor/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    TUTOR_DB=/data/tutor.db \
    TUTOR_HOST=0.0.0.0
WORKDIR /data
VOLUME /data
EXPOSE 8080
# As numbers, so that whatever starts the image can see that this is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
# With http.client, because urllib would ask a proxy if the environment names one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-Ic", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('TUTOR_PORT', 8080)), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["tutor"]
CMD ["serve"]
