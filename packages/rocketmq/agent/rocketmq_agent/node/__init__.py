"""The steps of name servers, brokers and exporters: releases, units, gates."""
