"""The questions of a lesson."""

from bot.domain.rounds import RoundKind
from bot.features.quiz import handlers
from bot.features.quiz.buttons import Again, Answer, NextQuestion, ShowHint, StartQuiz, Submit, Tick
from bot.features.quiz.rules import QUIZ
from bot.turns.feature import Command, Feature
from bot.turns.prompts import Claim
from bot.turns.texts import Rank

FEATURE = Feature(
    commands=(Command("quiz", handlers.quiz, "Questions on the current lesson"),),
    presses={
        StartQuiz: handlers.start_quiz,
        Answer: handlers.answer,
        Tick: handlers.tick,
        Submit: handlers.submit,
        ShowHint: handlers.hint,
        Again: handlers.again,
        NextQuestion: handlers.next_question,
    },
    texts={Rank.ANSWER: handlers.written},
    claims={Claim.ANSWER: handlers.wants},
    rounds={RoundKind.QUIZ: QUIZ},
)
