"""Without user namespaces, nothing escapes of the families that they help against, or the self-test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ..conftest import MODES
from .attacking import Target, attacked
from .table import Attack, attacks_that_concern

MODE = "without user namespaces"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Target]:
    async with attacked(MODES[MODE], tmp_path_factory.mktemp("secrets")) as made:
        yield made


@pytest.mark.parametrize("attack", attacks_that_concern(MODE), ids=str)
async def test_it_does_not_escape_and_harms_nobody(target: Target, attack: Attack) -> None:
    await target.withstands(attack)


async def test_a_model_file_that_runs_code_stays_in_the_sandbox(target: Target) -> None:
    await target.keeps_in_a_model_file_that_runs_code()
