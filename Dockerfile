FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --create-home --uid 1000 kwartet
WORKDIR /app

COPY requirements.txt .
RUN pip install -r requirements.txt

COPY . .
# Static files need no secret; without BASE_URL the settings are those of the embedded default.
RUN VAR_DIR=/tmp/build python manage.py collectstatic --noinput && rm -rf /tmp/build \
    && mkdir var && chown kwartet var

USER kwartet
EXPOSE 8000
CMD ["gunicorn", "backend.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket"]
