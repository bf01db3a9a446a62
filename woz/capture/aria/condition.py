"""What the SDK's status of either generation says, in woz's words."""

from __future__ import annotations

import math
from typing import Any

from woz.capture.source import DeviceStatus

LOW_BATTERY = 15
THROTTLES_AT_C = 42.0


def condition(status: Any, recording: bool | None, latency_ms: float | None = None) -> DeviceStatus:
    """`status` is the SDK's DeviceStatus; both generations have the same fields."""
    temperature = float(status.skin_temp_celsius)
    temperature_c = round(temperature, 1) if math.isfinite(temperature) and temperature > 0 else None
    charging = bool(status.charging or status.charger_connected)
    wifi = (status.wifi_ssid or status.wifi_ip_address or "connected") if status.wifi_connected else "off"
    problem = _problem(
        int(status.battery_level), charging, temperature_c, bool(status.thermal_mitigation_triggered)
    )
    return DeviceStatus(float(status.battery_level), charging, temperature_c, wifi, recording, latency_ms, problem)


def _problem(battery: int, charging: bool, temperature_c: float | None, throttled: bool) -> str:
    if battery <= LOW_BATTERY and not charging:
        return f"The battery of the glasses is at {battery} %; plug in their cable."
    if throttled or (temperature_c is not None and temperature_c >= THROTTLES_AT_C):
        return "The glasses are hot and send less; let them cool, or go from Wi-Fi to the cable."
    return ""
