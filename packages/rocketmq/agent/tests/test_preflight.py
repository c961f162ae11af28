"""Every check of preflight, with the host's answers made up."""

import copy
import json
import os
import unittest
from typing import Any, Callable, Dict, List, Optional, Set, Union
from unittest import mock

from rocketmq_agent.errors import ExitCode, StepError
from rocketmq_agent.host.java import Java
from rocketmq_agent.preflight import busy, run
from rocketmq_agent.preflight.system import Answer, Space, System
from rocketmq_agent.preflight.units import unit_of_node
from rocketmq_agent.result import Result
from rocketmq_agent.system.systemd import MARK

URL = "https://archive.example/rocketmq-5.5.0.zip"
DATE = "Mon, 23 Nov 2026 06:00:00 GMT"
NOW = 1795413600.0

DOCUMENT: Dict[str, Any] = {
    "format": 1,
    "host": "h1",
    "cluster": "demo",
    "paths": {"deploy": "/opt/rocketmq", "data": "/data/rocketmq"},
    "ports": {"9876": "namesrv-0", "10911": "broker-a-0"},
    "disk": {"/opt/rocketmq": 300, "/data/rocketmq": 1024},
    "memoryMb": 2048,
    "java": {"min": 8, "max": 21, "preferred": 17, "install": True},
    "package": {"version": "5.5.0", "url": URL},
    "maxClockSkew": 30,
}

FILES = {
    "/etc/os-release": 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "/proc/meminfo": "MemTotal:        8000000 kB\nMemAvailable:    7000000 kB\n",
    "/proc/sys/kernel/osrelease": "6.1.0\n",
    "/proc/net/tcp": "  sl  local_address rem_address   st\n",
}
FOLDERS = {"/", "/opt", "/etc/systemd/system", "/etc/sysctl.d", "/var/lib", "/run/systemd/system"}
TCP_ROW = "  {}: 00000000:{:04X} 00000000:0000 {} 00000000:00000000 00:00000000 00000000 0 0 {} 1"


class FakeHost(System):
    """A healthy Debian; tests break it. Nothing of the real host is asked."""

    def __init__(self) -> None:
        self.files = dict(FILES)
        self.folders: Set[str] = set(FOLDERS)
        self.links: Dict[str, str] = {}
        self.user = 0
        self.system_name = "Linux"
        self.architecture = "x86_64"
        self.missing: Set[str] = set()
        self.spaces: Dict[str, Space] = {}
        self.unwritable: Set[str] = set()
        self.found_javas: List[Java] = [Java("/usr/lib/jvm/java-17", "17.0.15", 17)]
        self.locks: Dict[str, int] = {}
        self.name_known = True
        self.synchronized: Optional[bool] = True
        self.answers: Dict[str, Union[Answer, Exception]] = {
            URL: Answer(200, {"date": DATE}),
            f"{URL}.sha512": Answer(200, {"date": DATE}),
        }
        self.asked: List[str] = []
        self.clock = 0.0
        self.on_sleep: Callable[[], None] = lambda: None

    def uid(self) -> int:
        return self.user

    def kernel(self) -> str:
        return self.system_name

    def machine(self) -> str:
        return self.architecture

    def hostname(self) -> str:
        return "h1"

    def cpus(self) -> int:
        return 2

    def read(self, path: str) -> Optional[str]:
        return self.files.get(path)

    def exists(self, path: str) -> bool:
        return path in self.files or self.is_folder(path)

    def is_folder(self, path: str) -> bool:
        inside = path.rstrip("/") + "/"
        return path in self.folders or any(one.startswith(inside) for one in self.files)

    def names(self, folder: str) -> List[str]:
        inside = folder.rstrip("/") + "/"
        everything = [*self.files, *self.folders, *self.links]
        below = [one[len(inside) :] for one in everything if one.startswith(inside)]
        return sorted({one.split("/")[0] for one in below if one})

    def target(self, link: str) -> str:
        return self.links.get(link, "")

    def space(self, path: str) -> Space:
        return self.spaces.get(path, Space(1, 50000, 100000, 900000, 1000000, False))

    def writable(self, folder: str) -> bool:
        return folder not in self.unwritable

    def which(self, program: str) -> Optional[str]:
        return None if program in self.missing else f"/usr/bin/{program}"

    def javas(self) -> List[Java]:
        return self.found_javas

    def java_at(self, home: str) -> Optional[Java]:
        return next((java for java in self.found_javas if java.home == home), None)

    def lock_holder(self, path: str) -> Optional[int]:
        return self.locks.get(path)

    def resolves(self, name: str) -> bool:
        return self.name_known

    def clock_synchronized(self) -> Optional[bool]:
        return self.synchronized

    def ask(self, method: str, url: str, timeout: float) -> Answer:
        self.asked.append(f"{method} {url}")
        answer = self.answers.get(f"{method} {url}") or self.answers.get(url)
        if isinstance(answer, Exception):
            raise answer
        return answer or Answer(404, {})

    def now(self) -> float:
        return NOW

    def monotonic(self) -> float:
        return self.clock

    def sleep(self, seconds: float) -> None:
        self.clock += seconds
        self.on_sleep()

    def add_process(self, pid: int, command: str, unit: str = "", socket: str = "") -> None:
        self.files[f"/proc/{pid}/cmdline"] = command.replace(" ", "\0") + "\0"
        self.files[f"/proc/{pid}/cgroup"] = f"0::/system.slice/{unit}\n" if unit else "0::/\n"
        if socket:
            self.links[f"/proc/{pid}/fd/3"] = f"socket:[{socket}]"

    def listen(
        self, port: int, inode: str, table: str = "/proc/net/tcp", state: str = "0A"
    ) -> None:
        self.files[table] = self.files.get(table, "header\n") + (
            TCP_ROW.format(0, port, state, inode) + "\n"
        )


class Preflight(unittest.TestCase):
    def setUp(self) -> None:
        self.host = FakeHost()
        self.document = copy.deepcopy(DOCUMENT)
        self.told: List[str] = []
        patch = mock.patch("rocketmq_agent.preflight.busy.say", self.told.append)
        patch.start()
        self.addCleanup(patch.stop)

    def passes(self) -> Result:
        return run(self.document, self.host)

    def failures(self) -> List[str]:
        with self.assertRaises(StepError) as caught:
            run(self.document, self.host)
        self.assertEqual(caught.exception.code, ExitCode.PREFLIGHT_FAILED)
        for line in caught.exception.details:
            self.assertRegex(line, r"^[a-z -]+[a-z0-9]*: .+ -> .+")
        return caught.exception.details

    def fails(self, *parts: str) -> None:
        """Exactly one failure, with these parts in it."""
        found = self.failures()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def warns(self, *parts: str) -> None:
        found = self.passes().warnings
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])


class Whole(Preflight):
    def test_a_good_host(self) -> None:
        result = self.passes()
        self.assertEqual((result.changed, result.warnings, result.restarted), ([], [], False))
        self.assertEqual(result.facts["os"], "Debian GNU/Linux 12 (bookworm)")
        self.assertEqual(result.facts["java"], "17.0.15 (/usr/lib/jvm/java-17)")
        self.assertEqual(result.facts["memoryMb"], "7812")
        self.assertEqual(result.facts["machineId"], "0123456789abcdef0123456789abcdef")

    def test_all_failures_at_once(self) -> None:
        self.host.user = 1000
        self.host.missing = {"useradd"}
        self.document["memoryMb"] = 99999
        self.host.answers = {}
        found = self.failures()
        checks = [line.split(":")[0] for line in found]
        self.assertEqual(checks, ["root", "tools", "memory", "package"])

    def test_the_message_names_the_host(self) -> None:
        self.host.user = 1000
        with self.assertRaisesRegex(StepError, "^1 thing to mend first"):
            self.passes()

    def test_a_check_that_cannot_be_made_hides_no_other(self) -> None:
        def broken(path: str) -> Space:
            raise OSError(116, "Stale file handle")

        self.host.space = broken  # type: ignore[method-assign]
        self.host.missing = {"sysctl"}
        found = "\n".join(self.failures())
        self.assertIn("Stale file handle", found)
        self.assertIn("sysctl is not installed", found)

    def test_an_error_of_ours_in_a_thread_is_not_lost(self) -> None:
        self.host.answers[URL] = RuntimeError("ours")
        with self.assertRaisesRegex(RuntimeError, "ours"):
            self.passes()


class Machine(Preflight):
    def test_root(self) -> None:
        self.host.user = 1000
        self.fails("root: runs as uid 1000", "NOPASSWD")

    def test_another_kernel(self) -> None:
        self.host.system_name = "FreeBSD"
        self.fails("os: FreeBSD is not supported")

    def test_an_unknown_distribution(self) -> None:
        self.host.files["/etc/os-release"] = 'ID=alpine\nPRETTY_NAME="Alpine Linux v3.19"\n'
        self.fails("os: Alpine Linux v3.19 is not supported", "Debian, Ubuntu")

    def test_relatives_pass(self) -> None:
        for text in (
            'ID="rocky"\nID_LIKE="rhel centos fedora"',
            "ID=linuxmint\nID_LIKE='ubuntu debian'",
            'ID="openEuler"',
            'ID="amzn"',
            'ID="anolis"\nID_LIKE="rhel fedora centos"',
            'ID="opensuse-leap"\nID_LIKE="suse opensuse"',
        ):
            self.host.files["/etc/os-release"] = text
            self.passes()

    def test_architecture(self) -> None:
        self.host.architecture = "armv7l"
        self.fails("architecture: armv7l is not supported", "aarch64")

    def test_systemd_must_be_init(self) -> None:
        self.host.folders.remove("/run/systemd/system")
        self.host.files["/proc/1/comm"] = "tini\n"
        self.fails("systemd: the init system is tini")

    def test_tools_by_the_name_of_the_familys_package(self) -> None:
        self.host.missing = {"useradd"}
        self.fails("tools: useradd", "package passwd")
        self.host.files["/etc/os-release"] = "ID=rhel"
        self.fails("tools: useradd", "package shadow-utils")


class Identity(Preflight):
    def test_machine_id(self) -> None:
        for text in (None, "", "uninitialized\n", "0" * 32, "xyz"):
            self.host.files["/etc/machine-id"] = text or ""
            self.fails("machine-id:", "systemd-machine-id-setup")

    def test_a_slot_of_another_cluster(self) -> None:
        path = "/var/lib/rocketmq-agent/nodes/broker-a-0.json"
        self.host.files[path] = '{"cluster": "other"}'
        self.fails("slot: broker-a-0", "'other'", "'demo'")
        self.host.files[path] = '{"cluster": "demo"}'
        self.passes()
        self.host.files[path] = "{ broken"
        self.passes()

    def test_a_name_server_of_another_number(self) -> None:
        path = "/etc/systemd/system/mqnamesrv.service"
        command = "java -c /opt/rocketmq/nodes/{}/releases/3/conf/namesrv.conf"
        self.host.files[path] = f"{MARK}\nExecStart={command.format('namesrv-1')}\n"
        self.fails("slot: the name server of this machine is namesrv-1", "nameServerNumbers: 1")
        self.host.files[path] = f"{MARK}\nExecStart={command.format('namesrv-0')}\n"
        self.passes()

    def test_hostname(self) -> None:
        self.host.name_known = False
        self.warns("hostname:", "127.0.1.1 h1")


class Ports(Preflight):
    def test_in_use(self) -> None:
        self.host.listen(10911, "777")
        self.host.add_process(140, "nginx: master", "nginx.service", socket="777")
        self.fails("port: 10911 (for broker-a-0)", "pid 140 (nginx: master) of nginx.service")
        self.fails("stop that program")

    def test_ipv6_listeners_count(self) -> None:
        self.host.listen(9876, "778", "/proc/net/tcp6")
        self.fails("port: 9876 (for namesrv-0)", "a process that cannot be seen")

    def test_connections_do_not(self) -> None:
        self.host.listen(10911, "777", state="01")
        self.passes()

    def test_our_own_node_is_fine(self) -> None:
        unit = "mqbroker@broker-a-0.service"
        self.host.files[f"/etc/systemd/system/{unit}"] = f"{MARK}; ...\n[Service]\n"
        self.host.listen(10911, "777")
        self.host.add_process(9, "java org.apache.rocketmq.broker.BrokerStartup", unit, "777")
        self.passes()

    def test_another_node_of_ours_is_not(self) -> None:
        unit = "mqbroker@broker-b-0.service"
        self.host.files[f"/etc/systemd/system/{unit}"] = f"{MARK}; ...\n[Service]\n"
        self.host.listen(10911, "777")
        self.host.add_process(9, "java org.apache.rocketmq.broker.BrokerStartup", unit, "777")
        self.fails("port: 10911 (for broker-a-0)", unit)
        self.fails("take the other out in an update of its own before")

    def test_units(self) -> None:
        self.assertEqual(unit_of_node("namesrv-1"), "mqnamesrv.service")
        self.assertEqual(unit_of_node("broker-x-1"), "mqbroker@broker-x-1.service")
        self.assertEqual(unit_of_node("exporter"), "mqexporter.service")


class Foreign(Preflight):
    def test_a_server_that_runs(self) -> None:
        for command in (
            "java -cp x org.apache.rocketmq.broker.BrokerStartup -c b.conf",
            "java org.apache.rocketmq.namesrv.NamesrvStartup",
            "java -jar /app/rocketmq-exporter-0.0.2.jar",
        ):
            self.host.add_process(140, command)
            self.fails("foreign: a RocketMQ that is not ours runs: pid 140")

    def test_tools_and_clients_may_run(self) -> None:
        self.host.add_process(
            140, "java org.apache.rocketmq.tools.command.MQAdminStartup topicList"
        )
        self.host.add_process(141, "java -cp rocketmq-client.jar com.example.Shop")
        self.passes()

    def test_a_unit_of_somebody_else(self) -> None:
        self.host.files["/usr/lib/systemd/system/mqnamesrv.service"] = "[Unit]\n"
        self.fails("foreign: the unit mqnamesrv.service")

    def test_a_unit_of_ours_before_theirs(self) -> None:
        self.host.files["/usr/lib/systemd/system/mqnamesrv.service"] = "[Unit]\n"
        self.host.files["/etc/systemd/system/mqnamesrv.service"] = f"{MARK}; ...\n"
        self.passes()

    def test_the_playbooks_folder(self) -> None:
        self.host.files["/app/rocketmq/bin/mqbroker"] = "#!/bin/sh"
        self.fails("foreign: a RocketMQ that is not ours is in /app/rocketmq")

    def test_an_installation_by_hand_where_ours_would_go(self) -> None:
        self.host.files["/opt/rocketmq/bin/mqbroker"] = "#!/bin/sh"
        self.host.files["/opt/rocketmq/lib/x.jar"] = ""
        self.fails("foreign: a RocketMQ that is not ours is in /opt/rocketmq")

    def test_our_own_folder(self) -> None:
        self.document["paths"]["deploy"] = "/app/rocketmq"
        self.document["disk"] = {}
        self.host.files["/app/rocketmq/versions/5.5.0/lib/x.jar"] = ""
        self.passes()


class Adoption(Preflight):
    """What the playbook for RocketMQ 4 leaves."""

    def setUp(self) -> None:
        super().setUp()
        self.identity = {
            "brokerClusterName": "demo",
            "brokerName": "broker-a",
            "brokerId": 0,
            "storePathRootDir": "/data/rocketmq/store",
        }
        self.document["adopt"] = {
            "namesrv-0": {"port": 9876},
            "broker-a-0": {"port": 10911, "identity": self.identity},
            "exporter": {"port": 5557},
        }
        for name in ("mqnamesrv", "mqbroker", "mqexporter"):
            self.host.files[f"/usr/lib/systemd/system/{name}.service"] = "[Unit]\n"
        self.host.files["/app/rocketmq/bin/mqbroker"] = "#!/bin/sh"
        rows = [TCP_ROW.format(0, 9876, "0A", "11"), TCP_ROW.format(1, 10911, "0A", "12")]
        self.host.files["/proc/net/tcp"] += "".join(f"{row}\n" for row in rows)
        java = "java org.apache.rocketmq."
        self.host.add_process(140, f"{java}namesrv.NamesrvStartup", "mqnamesrv.service", "11")
        self.host.add_process(141, f"{java}broker.BrokerStartup", "mqbroker.service", "12")
        self.host.add_process(142, "java -jar /app/rocketmq-exporter.jar", "mqexporter.service")
        self.live = {key: str(value) for key, value in self.identity.items()}
        self.version = "5.5.0"
        patch = mock.patch.object(
            self.host, "server_config", lambda *_: (self.live, self.version), create=True
        )
        patch.start()
        self.addCleanup(patch.stop)

    def test_what_the_program_means(self) -> None:
        self.passes()

    def finds(self, *texts: str) -> None:
        with self.assertRaises(StepError) as caught:
            run(self.document, self.host)
        for text in texts:
            self.assertIn(text, "\n".join(caught.exception.details))

    def test_not_asked_for(self) -> None:
        del self.document["adopt"]
        self.finds("a RocketMQ that is not ours runs: pid 141", "or set adopt: true")

    def test_another_broker_and_another_version(self) -> None:
        self.live["brokerName"] = "broker-x"
        self.version = "4.9.3"
        self.finds(
            "adopt: broker-a-0: the broker on 10911 has brokerName broker-x, the program says"
            " broker-a",
            "adopt: namesrv-0: the name server that runs is RocketMQ 4.9.3, the program says 5.5.0",
        )

    def test_a_server_where_the_program_has_none(self) -> None:
        del self.document["adopt"]["broker-a-0"]
        self.finds("a RocketMQ that is not ours runs: pid 141", "puts nothing of that kind here")

    def test_one_that_is_stopped(self) -> None:
        for name in ("cmdline", "cgroup"):
            del self.host.files[f"/proc/140/{name}"]
        del self.host.links["/proc/140/fd/3"]
        self.host.files["/proc/net/tcp"] = "sl\n" + TCP_ROW.format(1, 10911, "0A", "12") + "\n"
        self.fails("the unit mqnamesrv.service is there and not ours", "start it first")

    def test_nodes_that_were_adopted(self) -> None:
        """The request may be taken out of the program then."""
        del self.document["adopt"]
        for node, unit in (
            ("broker-a-0", "mqbroker"),
            ("namesrv-0", "mqnamesrv"),
            ("exporter", "mqexporter"),
        ):
            adopted = {"unit": unit, "home": "/app/rocketmq"}
            record = {"cluster": "demo", "adopted": adopted}
            path = f"/var/lib/rocketmq-agent/nodes/{node}.json"
            self.host.files[path] = json.dumps(record)
        self.passes()


class Disks(Preflight):
    def test_what_paths_need_on_one_file_system_adds_up(self) -> None:
        for path in ("/", "/opt"):
            self.host.spaces[path] = Space(1, 1200, 5000, 900000, 1000000, False)
        self.fails("disk: 1200 MiB are free", "/data/rocketmq and /opt/rocketmq", "1324 MiB")

    def test_on_two_it_does_not(self) -> None:
        self.host.spaces["/"] = Space(1, 1200, 5000, 900000, 1000000, False)
        self.host.spaces["/opt"] = Space(2, 400, 5000, 900000, 1000000, False)
        self.passes()

    def test_a_running_cluster_may_fill_its_disk(self) -> None:
        for node in ("broker-a-0", "namesrv-0"):
            self.host.files[f"/opt/rocketmq/nodes/{node}/current"] = ""
        self.host.folders |= {"/data/rocketmq", "/opt/rocketmq", "/opt/rocketmq/versions"}
        self.host.spaces["/data/rocketmq"] = Space(2, 10, 5000, 900000, 1000000, False)
        self.passes()

    def test_a_further_node_needs_its_share(self) -> None:
        self.host.files["/opt/rocketmq/nodes/namesrv-0/current"] = ""
        self.host.folders |= {"/data/rocketmq", "/opt/rocketmq", "/opt/rocketmq/versions"}
        self.host.spaces["/data/rocketmq"] = Space(2, 510, 5000, 900000, 1000000, False)
        self.fails("disk: 510 MiB are free below /data/rocketmq, 512 MiB are needed")

    def test_inodes(self) -> None:
        self.host.spaces["/"] = Space(2, 50000, 60000, 12, 1000, False)
        self.fails("inodes: 12 inodes are free below /data/rocketmq")

    def test_file_systems_without_inodes(self) -> None:
        self.host.spaces["/"] = Space(2, 50000, 60000, 0, 0, False)
        self.passes()

    def test_read_only(self) -> None:
        self.host.spaces["/etc/sysctl.d"] = Space(3, 9999, 9999, 99999, 99999, True)
        self.fails("writable: /etc/sysctl.d is on a file system that is mounted read-only")

    def test_not_writable(self) -> None:
        self.host.unwritable = {"/opt"}
        self.fails("writable: /opt (for /opt/rocketmq) cannot be written to", "lsattr")

    def test_a_file_in_the_way(self) -> None:
        self.host.files["/data"] = "a file"
        self.fails("writable: /data (for /data/rocketmq) is not a folder")


class Memory(Preflight):
    def test_too_little(self) -> None:
        self.document["memoryMb"] = 16000
        self.fails("memory: the machine has 7812 MiB, its roles need 16000 MiB")

    def test_the_limit_of_a_cgroup_counts(self) -> None:
        self.host.files["/sys/fs/cgroup/memory.max"] = f"{1 << 30}\n"
        self.fails("memory: the machine has 1024 MiB")
        self.host.files["/sys/fs/cgroup/memory.max"] = "max\n"
        self.passes()

    def test_taken_by_others(self) -> None:
        self.host.files["/proc/meminfo"] = "MemTotal: 8000000 kB\nMemAvailable: 500000 kB\n"
        self.warns("memory: 488 MiB of 7812 MiB are available")
        self.host.files["/opt/rocketmq/nodes/broker-a-0/current"] = ""
        self.host.folders.add("/opt/rocketmq/versions")
        self.assertEqual(self.passes().warnings, [])


class Javas(Preflight):
    def test_to_be_installed(self) -> None:
        self.host.found_javas = []
        self.assertIn("17 is to be installed", self.passes().facts["java"])

    def test_not_allowed_to_install(self) -> None:
        self.host.found_javas = [Java("/opt/jdk-25", "25", 25)]
        self.document["java"]["install"] = False
        self.fails("java: Java 8 to 21 is needed, found: 25 (/opt/jdk-25)")

    def test_nothing_to_install_with(self) -> None:
        self.host.found_javas = []
        self.host.missing = {"apt-get", "dnf", "yum", "zypper"}
        self.fails("java:", "found: none", "by hand")

    def test_an_explicit_home(self) -> None:
        self.document["java"]["home"] = "/usr/lib/jvm/java-17"
        self.passes()
        self.document["java"]["home"] = "/nowhere"
        self.fails("java: no Java is in /nowhere")
        self.document["java"].update(home="/usr/lib/jvm/java-17", max=11)
        self.fails("java: the Java in /usr/lib/jvm/java-17 is 17.0.15, 8 to 11 is needed")


class Package(Preflight):
    def test_no_archive(self) -> None:
        self.host.answers[URL] = Answer(404, {"date": DATE})
        self.fails("package: there is no archive at", "HTTP 404", "mirror")

    def test_no_checksum(self) -> None:
        del self.host.answers[f"{URL}.sha512"]
        self.fails("package: there is no checksum at", "package.sha512")
        self.document["package"]["sha512"] = "ab"
        self.passes()

    def test_unreachable(self) -> None:
        self.host.answers[URL] = OSError("Network is unreachable")
        self.fails("package:", "cannot be reached from this host: Network is unreachable")

    def test_certificate(self) -> None:
        self.host.answers[URL] = OSError("[SSL: CERTIFICATE_VERIFY_FAILED] expired")
        self.fails("package: the certificate of", "ca-certificates")

    def test_servers_that_refuse_head(self) -> None:
        self.host.answers[f"HEAD {URL}"] = Answer(403, {})
        self.passes()
        self.assertIn(f"GET {URL}", self.host.asked)

    def test_other_errors(self) -> None:
        self.host.answers[URL] = Answer(503, {})
        self.fails("package:", "HTTP 503")

    def test_installed_versions_need_no_archive(self) -> None:
        self.host.answers = {}
        self.host.files["/opt/rocketmq/versions/5.5.0/.rocketmq-agent.json"] = "{}"
        self.passes()
        self.assertEqual(self.host.asked, [])

    def test_pushed_files_need_no_server(self) -> None:
        self.document["package"] = {"version": "5.5.0", "file": "rocketmq.zip"}
        self.passes()
        self.assertEqual(self.host.asked, [])


class Clock(Preflight):
    def test_off(self) -> None:
        self.host.answers[URL] = Answer(200, {"date": "Mon, 23 Nov 2026 05:50:00 GMT"})
        self.fails("clock: the clock is 600 s ahead of that of archive.example")
        self.host.answers[URL] = Answer(200, {"date": "Mon, 23 Nov 2026 06:10:00 GMT"})
        self.fails("clock: the clock is 600 s behind")

    def test_within_the_limit(self) -> None:
        self.host.answers[URL] = Answer(200, {"date": "Mon, 23 Nov 2026 05:59:40 GMT"})
        self.passes()

    def test_cached_answers(self) -> None:
        headers = {"date": "Mon, 23 Nov 2026 05:50:00 GMT", "age": "600"}
        self.host.answers[URL] = Answer(200, headers)
        self.passes()

    def test_no_date(self) -> None:
        self.host.answers[URL] = Answer(200, {"date": "yesterday"})
        self.passes()

    def test_without_ntp(self) -> None:
        self.host.synchronized = False
        self.warns("clock:", "NTP")
        self.host.synchronized = None
        self.assertEqual(self.passes().warnings, [])


class Busy(Preflight):
    def test_cloud_init_is_waited_for(self) -> None:
        self.host.files["/run/cloud-init/enabled"] = ""

        def finish() -> None:
            if self.host.clock > 20:
                self.host.files["/run/cloud-init/result.json"] = "{}"

        self.host.on_sleep = finish
        self.passes()
        self.assertLess(self.host.clock, 30)
        self.assertEqual(len(self.told), 2)
        self.assertIn("cloud-init is still running; waiting (0 s of at most 600 s)", self.told)

    def test_not_for_ever(self) -> None:
        self.host.files["/run/cloud-init/enabled"] = ""
        self.fails("cloud-init: cloud-init is still running after 600 s", "cloud-init status")

    def test_the_package_managers_lock_matters_only_for_installing(self) -> None:
        self.host.locks["/var/lib/dpkg/lock-frontend"] = 77
        self.host.add_process(77, "/usr/bin/unattended-upgrade")
        self.passes()
        self.assertEqual(self.host.clock, 0)
        self.host.found_javas = []
        self.fails("packages: /var/lib/dpkg/lock-frontend is held by pid 77", "unattended-upgrade")
        self.assertGreaterEqual(self.host.clock, busy.LOCK_WAIT)

    def test_process_id_files(self) -> None:
        self.host.found_javas = []
        self.host.files["/var/run/dnf.pid"] = "88\n"
        # Left behind by a process that has ended.
        self.passes()
        self.host.add_process(88, "dnf upgrade")
        self.fails("packages: /var/run/dnf.pid is held by pid 88 (dnf upgrade)")


class RealSystem(unittest.TestCase):
    """The few lines behind the interface that can be tried anywhere."""

    def test_reads(self) -> None:
        system = System()
        self.assertEqual(system.kernel(), "Linux")
        self.assertIsNone(system.read("/no/such/file"))
        self.assertEqual(system.names("/no/such/folder"), [])
        self.assertTrue(system.exists("/proc/self"))
        self.assertGreater(system.space("/").total_mb, 0)
        self.assertIsNotNone(system.which("sh"))
        self.assertIn(system.clock_synchronized(), (True, False, None))
        self.assertTrue(system.resolves("localhost"))
        self.assertIn("MemTotal", system.read("/proc/meminfo") or "")

    def test_locks(self) -> None:
        import fcntl
        import subprocess
        import sys
        import tempfile

        with tempfile.NamedTemporaryFile() as file:
            self.assertIsNone(System().lock_holder(file.name))
            # A process does not see its own lock as somebody's.
            fcntl.lockf(file, fcntl.LOCK_EX)
            code = (
                "import sys; from rocketmq_agent.preflight.system import System;"
                " print(System().lock_holder(sys.argv[1]))"
            )
            seen = subprocess.check_output([sys.executable, "-c", code, file.name])
            self.assertEqual(seen.decode().strip(), str(os.getpid()))
        self.assertIsNone(System().lock_holder("/no/such/file"))


if __name__ == "__main__":
    unittest.main()
