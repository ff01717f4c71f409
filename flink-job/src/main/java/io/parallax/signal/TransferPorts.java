package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.Arrays;

/**
 * Ports of services that are there to be sent data, and networks that belong to the owner. Names and numbers from the IANA
 * service name registry, or the manual of the product where it has no entry.
 */
final class TransferPorts {

    /** Sorted: mail, syslog, rsync, SMB, iSCSI, NFS, VM copies, collectors, queues, databases, stores, backup agents. */
    private static final int[] TAKING_DATA = {
        25, // smtp
        111, // sunrpc, with NFS
        139, // netbios-ssn
        445, // microsoft-ds
        465, // submissions
        514, // syslog
        515, // printer
        587, // submission
        601, // syslog-conn
        631, // ipp
        860, // iscsi
        873, // rsync
        902, // ESXi: network file copy
        1433, // ms-sql-s
        1500, // Spectrum Protect
        1521, // oracle
        1556, // NetBackup: veritas_pbx
        1883, // mqtt
        2049, // nfs
        2055, // NetFlow
        3205, // isns
        3260, // iscsi-target
        3306, // mysql
        4317, // OpenTelemetry
        4739, // ipfix
        4789, // vxlan
        5044, // beats
        5432, // postgresql
        5672, // amqp
        6081, // geneve
        6343, // sflow
        6379, // redis
        6514, // syslog-tls
        6789, // ceph monitor
        8086, // influxdb
        9092, // kafka
        9100, // printer
        9103, // bacula-sd
        9200, // elasticsearch
        10000, // ndmp
        10514, // syslog over RELP
        13724, // NetBackup: vnetd
        13782, // NetBackup: bpcd
        27017 // mongodb
    };

    /** iperf 2 and 3: what they carry is no data, and says nothing of what a host is for. */
    private static final int[] MEASURING = {5001, 5201};

    private TransferPorts() {}

    static boolean isMeasuring(FlowFact fact) {
        return Arrays.binarySearch(MEASURING, fact.destinationPort()) >= 0;
    }

    static boolean takesData(FlowFact fact) {
        return Arrays.binarySearch(TAKING_DATA, fact.destinationPort()) >= 0;
    }

    /** RFC 1918, RFC 4193, RFC 6598, and addresses of a link (RFC 3927, RFC 4291) or of nobody else. */
    static boolean isPrivate(String address) {
        if (address.indexOf(':') >= 0) {
            return address.startsWith("fc")
                    || address.startsWith("fd")
                    || address.startsWith("fe80")
                    || address.equals("::1");
        }
        return address.startsWith("10.")
                || address.startsWith("192.168.")
                || address.startsWith("127.")
                || address.startsWith("169.254.")
                || isWithin(address, "172.", 16, 31)
                || isWithin(address, "100.", 64, 127);
    }

    private static boolean isWithin(String address, String prefix, int least, int most) {
        if (!address.startsWith(prefix)) {
            return false;
        }
        int second = 0;
        for (int i = prefix.length(); i < address.length() && address.charAt(i) != '.'; i++) {
            second = second * 10 + address.charAt(i) - '0';
        }
        return second >= least && second <= most;
    }

    /** Of an address, the same in every run; two that collide are rarer than one in 10^17 pairs. */
    static long hash(String address) {
        long hash = 0xcbf29ce484222325L; // FNV-1a, 64 bits
        for (int i = 0; i < address.length(); i++) {
            hash = (hash ^ address.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
