"""The Java command line of a node."""

from typing import Any, Dict, List, Optional

# Bounds of a node's GC logs together, as RocketMQ's own scripts have them.
_GC_LOG_FILES = 5
_GC_LOG_MB = 30


def options(
    jvm: Dict[str, Any], java_major: int, heap_mb: int, direct_mb: Optional[int], logs: str
) -> List[str]:
    """JVM options for this Java, the user's own last, so that they win."""
    memory = [f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m"]
    if direct_mb is not None:
        memory.append(f"-XX:MaxDirectMemorySize={direct_mb}m")
    fitting = [
        option
        for part in jvm["byJava"]
        if part.get("from", 0) <= java_major <= part.get("to", java_major)
        for option in part["options"]
    ]
    return [*memory, *jvm["options"], *fitting, *gc_log(java_major, logs), *jvm["extra"]]


def gc_log(java_major: int, logs: str) -> List[str]:
    """GC logging of bounded size. Unified logging came with Java 9 and took the old flags away."""
    if java_major >= 9:
        bounds = f"filecount={_GC_LOG_FILES},filesize={_GC_LOG_MB}m"
        return [f"-Xlog:gc*:file={logs}/gc.log:time,tags:{bounds}"]
    return [
        f"-Xloggc:{logs}/gc.log",
        "-XX:+PrintGCDetails",
        "-XX:+PrintGCDateStamps",
        "-XX:+UseGCLogFileRotation",
        f"-XX:NumberOfGCLogFiles={_GC_LOG_FILES}",
        f"-XX:GCLogFileSize={_GC_LOG_MB}m",
    ]
