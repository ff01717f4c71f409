#!/usr/bin/env python3
"""Reads topic flows from its first record to the last one there is now, and adds up what counts.

    pip install -r requirements.txt
    python sum_flows.py localhost:9092 ../../../schemas/src/main/resources/published/Flow

A value is Avro in single-object encoding: C3 01, the CRC-64-AVRO fingerprint of its writer's schema (8 octets, little-endian), then the record. The second
argument is the folder of the published schemas, v1.avsc and on; a record of any of them is read as one of the newest. Any record may come again, and a row
that was restated comes with a greater revision: the greatest one per key counts.
"""
import io
import json
import pathlib
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from fastavro import parse_schema, schemaless_reader
from fastavro.schema import fingerprint, to_parsing_canonical_form

MARKER = b"\xc3\x01"
HEADER_OCTETS = 10


class SingleObjectReader:
    """Decodes records of one type, whichever published schema wrote them."""

    def __init__(self, folder):
        versions = sorted(pathlib.Path(folder).glob("v*.avsc"), key=lambda path: int(path.stem[1:]))
        schemas = [json.loads(path.read_text()) for path in versions]
        self.newest = parse_schema(schemas[-1])
        self.writers = {_fingerprint(schema): parse_schema(schema) for schema in schemas}

    def decode(self, value):
        """Raises ValueError if the value is not exactly one record of a published schema."""
        writer = self.writers.get(value[2:HEADER_OCTETS])
        if value[:2] != MARKER or writer is None:
            raise ValueError(f"no record of a published schema: {value[:HEADER_OCTETS].hex()}")
        body = io.BytesIO(value[HEADER_OCTETS:])
        record = schemaless_reader(body, writer, self.newest)
        if body.read(1):
            raise ValueError("octets follow the record")
        return record


def _fingerprint(schema):
    """Eight octets as they stand on the wire."""
    return bytes.fromhex(fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))


def records(bootstrap_servers, topic):
    """Every record of the topic that is there now, in the order of each partition."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "sum-flows", "enable.auto.commit": False,
                         "isolation.level": "read_committed", "enable.partition.eof": True})
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
    at_end = set()
    while len(at_end) < len(partitions):
        message = consumer.poll(30)
        if message is None:
            raise TimeoutError(f"{bootstrap_servers} does not answer")
        if message.error():
            if message.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(message.error())
            at_end.add(message.partition())
        elif message.value() is not None:
            yield message.value()
    consumer.close()


def main(bootstrap_servers, schemas):
    reader = SingleObjectReader(schemas)
    latest = {}
    for value in records(bootstrap_servers, "flows"):
        row = reader.decode(value)
        key = row["flow_id"], row["window_start"]
        if key not in latest or row["revision"] >= latest[key]["revision"]:
            latest[key] = row
    packets = sum(row["packet_delta_count"] + row["reverse_packet_delta_count"] for row in latest.values())
    octets = sum(row["octet_delta_count"] + row["reverse_octet_delta_count"] for row in latest.values())
    print(f"{len(latest)} rows, {packets} packets, {octets} octets")


if __name__ == "__main__":
    main(*sys.argv[1:])
