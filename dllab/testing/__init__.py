"""For those who write plugins: the contract that every experiment of the lab is held to.

    from dllab.testing import check_experiment
    check_experiment("darts")

`dllab.testing.fixtures` brings pytest a lab of the test's own; `dllab plugins --check NAME` holds the
same contract from the command line.
"""

from dllab.testing.contract import RULES, ContractError, Fault, check_experiment, faults_of

__all__ = ["RULES", "ContractError", "Fault", "check_experiment", "faults_of"]
