FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir '/src[parquet,warc]' && rm -rf /src && useradd --create-home cleaner
USER cleaner
WORKDIR /work
ENTRYPOINT ["cleaner"]
