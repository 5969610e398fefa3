"""What a sign-in costs, in CPU and memory, on the machine at hand.

    python -m benchmarks              unit, sign-ins, endpoints, memory; writes results.md
    python -m benchmarks --quick      the same in less than a minute, written nowhere
    python -m benchmarks slow-provider [--quick]    what one provider that hangs costs to the others
    python -m benchmarks profile      where the broker's own time goes, function by function

unit           an empty Django view under gunicorn: what every figure is divided by
arrangement    a broker with its PostgreSQL, one identity provider and one service, all temporary
sign_in        the browser and the service's machine: eight stages
measures       the unit, whole sign-ins, stages, memory
slow_provider  one provider that hangs, beside two others
processes      CPU and memory of other processes
report         the table

The figures are CPU time (user and system), not elapsed time: they hold on a busy machine.
"""
