using CsCheck;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// Compares a key with <see cref="VirtualKeyModel"/> in random histories: every secret, after every step. A failure
/// prints its seed; the environment variable <c>CsCheck_Seed</c> repeats it.
/// </summary>
public sealed class VirtualKeyModelTests
{
    private const int HistoryCount = 1000;
    private const int MaxSteps = 60;

    private enum StepKind
    {
        Rotate, RotateWithGrace, RotateWithoutGrace,
        ExpireRetiringSecret, ExpireAllRetiringSecrets, ChangeDeadline, SetExpiry, RemoveExpiry,
        Disable, Enable, Rename, RenameToSameName, Revoke,
        AdvanceToDeadline, AdvanceToJustBeforeDeadline, AdvanceClock, EraseExpired,
    }

    /// <summary>A step, with a number of minutes and the secret that it affects, where its kind needs them.</summary>
    private sealed record Step(StepKind Kind, int Minutes = 0, int Pick = 0);

    private static readonly Gen<StepKind> AnyStepKind = Gen.Frequency(
        (10, Gen.Const(StepKind.Rotate)),
        (4, Gen.Const(StepKind.RotateWithGrace)),
        (1, Gen.Const(StepKind.RotateWithoutGrace)),
        (3, Gen.Const(StepKind.ExpireRetiringSecret)),
        (1, Gen.Const(StepKind.ExpireAllRetiringSecrets)),
        (4, Gen.Const(StepKind.ChangeDeadline)),
        (1, Gen.Const(StepKind.SetExpiry)),
        (1, Gen.Const(StepKind.RemoveExpiry)),
        (1, Gen.Const(StepKind.Disable)),
        (2, Gen.Const(StepKind.Enable)),
        (1, Gen.Const(StepKind.Rename)),
        (1, Gen.Const(StepKind.RenameToSameName)),
        (2, Gen.Const(StepKind.AdvanceToDeadline)),
        (2, Gen.Const(StepKind.AdvanceToJustBeforeDeadline)),
        (3, Gen.Const(StepKind.AdvanceClock)),
        (2, Gen.Const(StepKind.EraseExpired)));

    /// <summary>Minutes from a few in the past to slightly more than 30 days ahead.</summary>
    private static readonly Gen<int> AnyMinutes =
        Gen.Frequency((4, Gen.Int[0, 120]), (3, Gen.Int[121, 3000]), (1, Gen.Int[-5, 0]), (1, Gen.Int[43_000, 43_400]));

    private static readonly Gen<Step> AnyStep = Gen.Select(
        AnyStepKind, AnyMinutes, Gen.Int[0, 99], (kind, minutes, pick) => new Step(kind, minutes, pick));

    private static readonly Gen<Step[]> AnyHistory =
        from burst in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[30, 34]))
        from steps in AnyStep.Array[0, MaxSteps]
        from revokes in Gen.Bool
        from after in AnyStep.Array[0, 8]
        let before = Enumerable.Repeat(new Step(StepKind.Rotate), burst).Concat(steps)
        select revokes ? [.. before, new Step(StepKind.Revoke), .. after] : before.ToArray();

    [Fact]
    public void A_key_behaves_like_its_model_in_every_random_history() => AnyHistory.Sample(
        RunHistory,
        iter: HistoryCount,
        threads: 1,
        print: history => string.Join("; ", history.Select(step => $"{step}")));

    private static void RunHistory(Step[] history)
    {
        var now = TestData.Start;
        var key = new RuleTestKey(now);
        var model = new VirtualKeyModel(key.First.Reveal());
        List<(Secret Secret, SecretId Id)> secrets =
            [(key.First, key.GetSecretId(key.First)), (RuleTestKey.Mint(), SecretId.New(now))];

        foreach (var step in history)
        {
            now = AdvanceTime(step, now, model);
            var (expected, actual) = ApplyStep(step, now, key, model, secrets);
            Assert.Equal(expected, actual);
            Assert.Equal(model.Revision, key.State.Revision);
            Assert.Equal(
                model.GetRetiringDeadlines(now),
                key.State.ToVirtualKey(now).RetiringSecrets.Select(secret => secret.ValidUntil));
            Assert.All(secrets, secret => Assert.Equal(
                model.GetVerdict(secret.Secret.Reveal(), now), key.Validate(secret.Secret, now)));
        }
    }

    private static DateTimeOffset AdvanceTime(Step step, DateTimeOffset now, VirtualKeyModel model)
    {
        var wait = TimeSpan.FromMinutes(Math.Clamp(step.Minutes, 0, 120));
        var deadline = model.GetNextDeadline(now) ?? now + wait;
        var justBefore = deadline - TestData.Millisecond;
        return step.Kind switch
        {
            StepKind.AdvanceClock => now + wait,
            StepKind.AdvanceToDeadline => deadline,
            StepKind.AdvanceToJustBeforeDeadline when justBefore > now => justBefore,
            _ => now,
        };
    }

    /// <summary>Applies a step to the key and the model, and returns the outcomes.</summary>
    private static (ChangeOutcome Expected, ChangeOutcome Actual) ApplyStep(
        Step step,
        DateTimeOffset now,
        RuleTestKey key,
        VirtualKeyModel model,
        List<(Secret Secret, SecretId Id)> secrets)
    {
        var (picked, id) = secrets[step.Pick % secrets.Count];
        var time = now.AddMinutes(step.Minutes);
        switch (step.Kind)
        {
            case StepKind.Rotate:
                return Rotate(GracePeriod.Default);
            case StepKind.RotateWithGrace:
                return Rotate(TimeSpan.FromMinutes(Math.Clamp(step.Minutes, 1, 43_200)));
            case StepKind.RotateWithoutGrace:
                return Rotate(TimeSpan.Zero);
            case StepKind.ExpireRetiringSecret:
                return (model.ExpireRetiringSecret(picked.Reveal(), now), key.ExpireRetiringSecret(id, now));
            case StepKind.ExpireAllRetiringSecrets:
                return (model.ExpireAllRetiringSecrets(now), key.ExpireAllRetiringSecrets(now));
            case StepKind.ChangeDeadline:
                return (model.ChangeDeadline(picked.Reveal(), time, now), key.ChangeDeadline(id, time, now));
            case StepKind.SetExpiry:
                return (model.SetExpiry(time, now), key.SetExpiry(time, now));
            case StepKind.RemoveExpiry:
                return (model.SetExpiry(null, now), key.SetExpiry(null, now));
            case StepKind.Disable:
                return (model.SetDisabled(disables: true), key.Disable(now));
            case StepKind.Enable:
                return (model.SetDisabled(disables: false), key.Enable(now));
            case StepKind.Rename:
            case StepKind.RenameToSameName:
                var name = step.Kind == StepKind.Rename ? key.State.Name + "x" : key.State.Name;
                return (
                    model.Rename(isNew: step.Kind == StepKind.Rename),
                    key.Update(new() { Caller = TestData.Caller, Name = name }, now));
            case StepKind.Revoke:
                model.Revoke();
                return (ChangeOutcome.Done, key.Revoke(now));
            case StepKind.EraseExpired:
                model.Erase(now - RuleTestKey.MaxClockOffset);
                key.EraseExpired(now - RuleTestKey.MaxClockOffset);
                break;
        }

        return default;

        (ChangeOutcome, ChangeOutcome) Rotate(TimeSpan grace)
        {
            var secret = RuleTestKey.Mint();
            var expected = model.Rotate(secret.Reveal(), grace, now);
            var actual = key.TryRotate(secret, now, grace);
            secrets.Add((secret, actual == ChangeOutcome.Done ? key.GetSecretId(secret) : SecretId.New(now)));
            return (expected, actual);
        }
    }
}
