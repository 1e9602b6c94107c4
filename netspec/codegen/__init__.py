"""What backends share to generate code: templates, names, printers, netspec's own functions."""
