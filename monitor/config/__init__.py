"""The configuration: config.yaml and the environment → frozen types, or every fault at once with its position."""

from monitor.config.load import load_config
from monitor.config.sections import (
    AlertsConfig,
    ArticlesConfig,
    Config,
    ExtractorsConfig,
    LoggingConfig,
    PollerConfig,
    WebSubConfig,
)

__all__ = [
    "AlertsConfig",
    "ArticlesConfig",
    "Config",
    "ExtractorsConfig",
    "LoggingConfig",
    "PollerConfig",
    "WebSubConfig",
    "load_config",
]
