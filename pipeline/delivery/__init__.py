"""A digest that is finished goes out: by mail, where a host is set; the folder has it in any case."""

from pipeline.delivery.smtp import DeliveryError, Sent, check, send

__all__ = ["DeliveryError", "Sent", "check", "send"]
