# syntax=docker/dockerfile:1
# One image for web, workers, beat and migrations; what each does is the command's matter.

FROM python:3.11-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH
WORKDIR /app
RUN python -m venv /venv
COPY requirements-run.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements-run.lock
COPY . .
RUN pybabel --quiet compile --domain django --directory locale
# Settings for this one command; they never reach the image that runs.
RUN DATABASE_URL=postgresql://nobody@localhost/nothing \
    SECRET_KEY=only-to-collect-static-files-0123456789-abcdefghijklmnop \
    ENCRYPTION_KEYS=b25seS10by1jb2xsZWN0LXN0YXRpYy1maWxlcy0hISE= \
    BASE_URL=https://build.invalid DEFAULT_FROM_EMAIL=build@build.invalid STATIC_ROOT=/app/static-collected \
    python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH \
    STATIC_ROOT=/app/static-collected BEAT_SCHEDULE=/tmp/beat
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp homeward
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER homeward
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8000/readyz', timeout=5)"]
CMD ["gunicorn", "config.wsgi", "--config", "python:config.gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--preload", "--max-requests", "5000", "--max-requests-jitter", "500", "--no-control-socket"]
