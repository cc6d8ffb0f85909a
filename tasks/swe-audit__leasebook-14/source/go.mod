module swe-audit.invalid/leasebook

go 1.19
