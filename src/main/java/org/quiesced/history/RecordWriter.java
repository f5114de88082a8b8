// SPDX-License-Identifier: Apache-2.0
package org.quiesced.history;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the planned part of a record as JSON, field by field, without a mapper: see "Libraries" in facts.md. */
final class RecordWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private RecordWriter(JsonGenerator json) {
        this.json = json;
    }

    /** Returns the JSON that {@link RecordFiles} reads, without the data of the next boot. */
    static byte[] bytes(ShutdownRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            new RecordWriter(json).write(record);
        }
        return bytes.toByteArray();
    }

    private void write(ShutdownRecord record) {
        json.writeStartObject();
        json.writeStringProperty("format", record.format());
        json.writeStringProperty("boot", record.boot());
        json.writeStringProperty("version", record.version());
        json.writeStringProperty("kernel", record.kernel());
        json.writeStringProperty("verb", record.verb());
        json.writeNumberProperty("asked", record.asked());
        json.writeNumberProperty("uptime", record.uptime());
        json.writeStringProperty("kernelWalk", record.kernelWalk());
        json.writeNumberProperty("kernelAlone", record.kernelAlone());
        text("carrier", record.carrier());
        json.writeObjectPropertyStart("marks");
        record.marks().forEach((mark, at) -> json.writeNumberProperty(mark.word(), at));
        json.writeEndObject();
        json.writeArrayPropertyStart("devices");
        record.devices().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(DeviceRecord device) {
        json.writeStartObject();
        json.writeStringProperty("device", device.device());
        json.writeStringProperty("path", device.path());
        json.writeStringProperty("label", device.label());
        json.writeStringProperty("driver", device.driver());
        text("model", device.model());
        text("serial", device.serial());
        json.writeStringProperty("disposition", device.disposition());
        json.writeBooleanProperty("drive", device.drive());
        number("expected", device.expected());
        json.writeArrayPropertyStart("waitsFor");
        device.waitsFor().forEach(json::writeString);
        json.writeEndArray();
        text("phase", device.phase());
        text("deferred", device.deferred());
        text("lane", device.lane());
        number("start", device.start());
        number("flushed", device.flushed());
        number("removal", device.removal());
        number("stop", device.stop());
        number("end", device.end());
        json.writeStringProperty("outcome", device.outcome().word());
        text("reason", device.reason());
        text("why", device.why());
        json.writeEndObject();
    }

    private void text(String name, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }

    private void number(String name, Optional<Double> value) {
        if (value.isPresent()) {
            json.writeNumberProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }
}
