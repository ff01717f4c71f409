package io.parallax.capture.nic;

import java.io.IOException;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PacketListener;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.packet.Packet;

/** pcap4j as its own examples use it: a listener that is handed packet objects. */
final class Pcap4jReader extends LiveReader.InThread {

    private final PcapHandle handle;
    private final PacketListener listener = this::count;
    private long frames;

    Pcap4jReader(String name, NicOptions options) throws IOException {
        try {
            handle = new PcapHandle.Builder(name)
                    .snaplen(options.snapLength())
                    .bufferSize(options.bufferOctets())
                    .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                    .timeoutMillis(Math.toIntExact(options.readTimeout().toMillis()))
                    .build();
        } catch (PcapNativeException e) {
            throw new IOException(e);
        }
        begin();
    }

    private void count(Packet packet) {
        frames++;
        read.lazySet(frames);
    }

    @Override
    void step() throws IOException {
        try {
            handle.dispatch(4_096, listener);
        } catch (InterruptedException e) {
            // The end, which breakLoop asked for.
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException(e);
        }
    }

    @Override
    long dropped() throws IOException {
        try {
            return handle.getStats().getNumPacketsDropped();
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException(e);
        }
    }

    @Override
    void wake() {
        try {
            handle.breakLoop();
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
        handle.close();
    }
}
