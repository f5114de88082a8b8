// SPDX-License-Identifier: Apache-2.0
package org.quiesced.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quiesced.history.DeviceRecord;
import org.quiesced.history.ShownShutdown;
import org.quiesced.history.ShutdownRecord;
import org.quiesced.history.StoppedUnits;
import org.quiesced.report.Outcome;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class PlotTest {
    private static List<Element> shapes(List<DeviceRecord> devices, String name) throws Exception {
        String picture = String.join("\n", Plot.of(ShownShutdown.of(Charted.shutdown(devices)), ZoneOffset.UTC));
        NodeList found = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(picture.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static List<Element> boxes(List<DeviceRecord> devices, String style) throws Exception {
        // The last box is that of the legend.
        List<Element> all = shapes(devices, "rect").stream()
                .filter(box -> box.getAttribute("class").equals(style))
                .toList();
        return all.isEmpty() ? all : all.subList(0, all.size() - 1);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static List<String> texts(List<DeviceRecord> devices) throws Exception {
        return shapes(devices, "text").stream().map(Element::getTextContent).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 24, 60, 150})
    void eachDeviceHasALaneInThePicture(int count) throws Exception {
        List<DeviceRecord> devices = Charted.drives(count);
        Element picture = shapes(devices, "svg").get(0);

        assertThat(texts(devices).stream()
                        .filter(text -> text.contains("(nvme"))
                        .toList())
                .containsExactlyElementsOf(
                        devices.stream().map(DeviceRecord::label).toList());
        assertThat(boxes(devices, PlotStyle.FLUSH)).hasSize(count);
        assertThat(shapes(devices, "rect")).allSatisfy(box -> {
            if (!box.getAttribute("x").isEmpty()) {
                assertThat(number(box, "x") + number(box, "width")).isLessThanOrEqualTo(number(picture, "width") + 0.5);
                assertThat(number(box, "y") + number(box, "height")).isLessThanOrEqualTo(number(picture, "height"));
            }
            assertThat(number(box, "width")).isPositive();
            assertThat(number(box, "height")).isPositive();
        });
    }

    /** A flush of one second, a check of one, and a removal of two follow each other on the time line. */
    @Test
    void stepsOfADeviceAreContiguous() throws Exception {
        List<DeviceRecord> devices = List.of(Charted.down("a", 5));
        Element flush = boxes(devices, PlotStyle.FLUSH).get(0);
        Element check = boxes(devices, PlotStyle.CHECK).get(0);
        Element removal = boxes(devices, PlotStyle.REMOVAL).get(0);

        assertThat(number(check, "x")).isCloseTo(number(flush, "x") + number(flush, "width"), within(0.02));
        assertThat(number(removal, "x")).isCloseTo(number(check, "x") + number(check, "width"), within(0.02));
        assertThat(number(check, "width")).isCloseTo(number(flush, "width"), within(0.02));
        assertThat(number(removal, "width")).isCloseTo(2 * number(flush, "width"), within(0.04));
    }

    /** A removal of one second and a stop of two follow each other on the time line. */
    @Test
    void theStopOfADiskFollowsTheRemovalOfItsDriver() throws Exception {
        List<DeviceRecord> devices = List.of(Charted.stopped("a", 4));
        Element removal = boxes(devices, PlotStyle.REMOVAL).get(0);
        Element stop = boxes(devices, PlotStyle.STOP).get(0);

        assertThat(number(stop, "x")).isCloseTo(number(removal, "x") + number(removal, "width"), within(0.02));
        assertThat(number(stop, "width")).isCloseTo(2 * number(removal, "width"), within(0.04));
        assertThat(texts(devices)).contains("stop of a disk");
        assertThat(texts(Charted.drives(2))).doesNotContain("stop of a disk");
    }

    /** Without quiesced, the kernel begins with the device found last, when the hooks have ended. */
    @Test
    void replacedWalkIsDrawnFromTheLastDeviceToTheFirst() throws Exception {
        List<Element> walk = boxes(Charted.drives(3), PlotStyle.REPLACED);

        assertThat(walk).hasSize(3);
        assertThat(number(walk.get(1), "x"))
                .isCloseTo(number(walk.get(2), "x") + number(walk.get(2), "width"), within(0.02));
        assertThat(number(walk.get(0), "x")).isGreaterThan(number(walk.get(1), "x"));
        assertThat(texts(Charted.drives(3))).anyMatch(text -> text.startsWith("The kernel alone (grey): until 17.00s"));
    }

    @Test
    void devicesOfTheKernelDifferFromFailedAttempts() throws Exception {
        List<DeviceRecord> devices = List.of(
                Charted.left("walked", Optional.of(9.2), 9.7, "in use, mounted on /"),
                Charted.left("tried", Optional.of(5.0), 6.0, "failed: timeout"),
                Charted.left("never", Optional.empty(), 5.0, "opted out"));

        assertThat(boxes(devices, PlotStyle.KERNEL)).hasSize(2);
        assertThat(boxes(devices, PlotStyle.LEFT)).hasSize(1);
        assertThat(texts(devices))
                .contains(
                        "the kernel's: in use, mounted on /",
                        "the kernel's: failed: timeout",
                        "the kernel's: opted out");
    }

    @Test
    void aUnitThatTookLongToStopHasALane() {
        ShutdownRecord record = Charted.shutdown(Charted.drives(2))
                .with(new StoppedUnits(
                        Optional.empty(), List.of(new StoppedUnits.Unit("postgresql.service", -0.5, 3))));

        assertThat(Plot.of(ShownShutdown.of(record), ZoneOffset.UTC))
                .anyMatch(line -> line.contains(">postgresql.service</text>"))
                .anyMatch(line -> line.contains("class=\"unit\"") && line.contains("stopped after 3.50s"));
    }

    @Test
    void deviceInFlightIsDrawnWithoutAnEnd() throws Exception {
        List<DeviceRecord> devices = List.of(Charted.device(
                "a",
                Outcome.IN_FLIGHT,
                Optional.of(5.0),
                Optional.of(5.1),
                Optional.of(5.2),
                Optional.empty(),
                Optional.empty()));

        assertThat(boxes(devices, PlotStyle.FLIGHT)).hasSize(1);
        assertThat(texts(devices)).contains("in flight");
    }

    /** In a damaged record, or one during which the clock was set, moments are in any order. */
    @Test
    void timesThatRunBackwardsGiveNoNegativeWidth() throws Exception {
        List<DeviceRecord> devices = List.of(Charted.device(
                "a",
                Outcome.DOWN,
                Optional.of(6.0),
                Optional.of(5.0),
                Optional.of(-4.0),
                Optional.of(3.0),
                Optional.empty()));

        assertThat(shapes(devices, "rect"))
                .allSatisfy(box -> assertThat(number(box, "width")).isPositive());
    }

    @Test
    void phasesOfTheShutdownAreBands() throws Exception {
        assertThat(texts(Charted.drives(2))).contains("units 4.00s", "devices 4.00s", "kernel", "early", "late");
    }

    @Test
    void deviceNamesAreEscaped() throws Exception {
        List<DeviceRecord> devices = List.of(Charted.down("<script>alert(\"&\")</script>\u0000", 5));

        assertThat(texts(devices)).contains("<script>alert(\"&\")</script>\uFFFD");
        assertThat(String.join("", PlotPage.of(ShownShutdown.of(Charted.shutdown(devices)), ZoneOffset.UTC)))
                .doesNotContain("<script");
    }

    @Test
    void equalRecordsGiveEqualPictures() {
        assertThat(Plot.of(ShownShutdown.of(Charted.shutdown(Charted.drives(30))), ZoneOffset.UTC))
                .isEqualTo(Plot.of(ShownShutdown.of(Charted.shutdown(Charted.drives(30))), ZoneOffset.UTC));
    }

    @Test
    void pageIsSelfContained() {
        String page =
                String.join("\n", PlotPage.of(ShownShutdown.of(Charted.shutdown(Charted.drives(2))), ZoneOffset.UTC));

        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<svg xmlns=\"http://www.w3.org/2000/svg\"")
                .contains("default-src 'none'")
                .contains("the machine powers off or restarts")
                .doesNotContain(" src=", " href=", "@import");
    }
}
