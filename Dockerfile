# The static binary alone, run by a user without rights.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /broadsheet ./cmd/broadsheet && install -d -o 65532 -g 65532 -m 700 /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /broadsheet /usr/local/bin/broadsheet
COPY --from=build --chown=65532:65532 /data /data
ENV BROADSHEET_DATA_DIR=/data
VOLUME /data
ENTRYPOINT ["broadsheet"]
CMD ["serve"]
