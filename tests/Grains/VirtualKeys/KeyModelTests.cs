using CsCheck;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// Random histories of a key against <see cref="KeyModel"/>: every secret ever minted, after every step. A failure
/// prints its seed; the environment variable <c>CsCheck_Seed</c> repeats it.
/// </summary>
public sealed class KeyModelTests
{
    private const int Histories = 1000;
    private const int MaxSteps = 60;

    private enum Kind
    {
        Rotate, RotateFor, RotateAtOnce, Cut, CutAll, Move, Expire, NeverExpire, Disable, Enable,
        Rename, RenameToSame, ToDeadline, JustBeforeDeadline, Wait, Erase, Revoke,
    }

    /// <summary>What happens, for or after how many minutes, and to which secret.</summary>
    private sealed record Step(Kind Kind, int Minutes = 0, int Pick = 0);

    private static readonly Gen<Kind> AnyKind = Gen.Frequency(
        (10, Gen.Const(Kind.Rotate)),
        (4, Gen.Const(Kind.RotateFor)),
        (1, Gen.Const(Kind.RotateAtOnce)),
        (3, Gen.Const(Kind.Cut)),
        (1, Gen.Const(Kind.CutAll)),
        (4, Gen.Const(Kind.Move)),
        (1, Gen.Const(Kind.Expire)),
        (1, Gen.Const(Kind.NeverExpire)),
        (1, Gen.Const(Kind.Disable)),
        (2, Gen.Const(Kind.Enable)),
        (1, Gen.Const(Kind.Rename)),
        (1, Gen.Const(Kind.RenameToSame)),
        (2, Gen.Const(Kind.ToDeadline)),
        (2, Gen.Const(Kind.JustBeforeDeadline)),
        (3, Gen.Const(Kind.Wait)),
        (2, Gen.Const(Kind.Erase)));

    /// <summary>Minutes a little in the past, within hours, and up to a little more than thirty days.</summary>
    private static readonly Gen<int> AnyMinutes =
        Gen.Frequency((4, Gen.Int[0, 120]), (3, Gen.Int[121, 3000]), (1, Gen.Int[-5, 0]), (1, Gen.Int[43_000, 43_400]));

    private static readonly Gen<Step> AnyStep = Gen.Select(
        AnyKind, AnyMinutes, Gen.Int[0, 99], (kind, minutes, pick) => new Step(kind, minutes, pick));

    private static readonly Gen<Step[]> AnyHistory =
        from burst in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[30, 34]))
        from steps in AnyStep.Array[0, MaxSteps]
        from revokes in Gen.Bool
        from after in AnyStep.Array[0, 8]
        let before = Enumerable.Repeat(new Step(Kind.Rotate), burst).Concat(steps)
        select revokes ? [.. before, new Step(Kind.Revoke), .. after] : before.ToArray();

    [Fact]
    public void A_key_behaves_as_its_model_whatever_happens_to_it() => AnyHistory.Sample(
        Follow, iter: Histories, threads: 1, print: history => string.Join("; ", history.Select(step => $"{step}")));

    private static void Follow(Step[] history)
    {
        var now = Sample.Start;
        var key = new RuledKey(now);
        var model = new KeyModel(key.First.Reveal());
        List<(Secret Secret, SecretId Id)> secrets =
            [(key.First, key.IdOf(key.First)), (RuledKey.Mint(), SecretId.New(now))];

        foreach (var step in history)
        {
            now = Later(step, now, model);
            var (expected, actual) = Change(step, now, key, model, secrets);
            Assert.Equal(expected, actual);
            Assert.Equal(model.Revision, key.State.Revision);
            Assert.Equal(model.Deadlines(now), key.State.View(now).RetiringSecrets.Select(secret => secret.ValidUntil));
            Assert.All(secrets, secret => Assert.Equal(
                model.Verdict(secret.Secret.Reveal(), now), key.Validate(secret.Secret, now)));
        }
    }

    private static DateTimeOffset Later(Step step, DateTimeOffset now, KeyModel model)
    {
        var wait = TimeSpan.FromMinutes(Math.Clamp(step.Minutes, 0, 120));
        var deadline = model.NextDeadline(now) ?? now + wait;
        return step.Kind switch
        {
            Kind.Wait => now + wait,
            Kind.ToDeadline => deadline,
            Kind.JustBeforeDeadline when deadline - Sample.Millisecond > now => deadline - Sample.Millisecond,
            _ => now,
        };
    }

    /// <summary>Makes the change of a step, if it is one, to both; how it should end and how it ended.</summary>
    private static (ChangeOutcome Expected, ChangeOutcome Actual) Change(
        Step step, DateTimeOffset now, RuledKey key, KeyModel model, List<(Secret Secret, SecretId Id)> secrets)
    {
        var (picked, id) = secrets[step.Pick % secrets.Count];
        var instant = now.AddMinutes(step.Minutes);
        switch (step.Kind)
        {
            case Kind.Rotate:
                return Rotate(GracePeriod.Default);
            case Kind.RotateFor:
                return Rotate(TimeSpan.FromMinutes(Math.Clamp(step.Minutes, 1, 43_200)));
            case Kind.RotateAtOnce:
                return Rotate(TimeSpan.Zero);
            case Kind.Cut:
                return (model.Cut(picked.Reveal(), now), key.Cut(id, now));
            case Kind.CutAll:
                return (model.CutAll(now), key.CutAll(now));
            case Kind.Move:
                return (model.MoveDeadline(picked.Reveal(), instant, now), key.MoveDeadline(id, instant, now));
            case Kind.Expire:
                return (model.Expire(instant, now), key.Expire(instant, now));
            case Kind.NeverExpire:
                return (model.Expire(null, now), key.Expire(null, now));
            case Kind.Disable:
                return (model.Disable(disables: true), key.Disable(now));
            case Kind.Enable:
                return (model.Disable(disables: false), key.Enable(now));
            case Kind.Rename:
            case Kind.RenameToSame:
                var name = step.Kind == Kind.Rename ? key.State.Name + "x" : key.State.Name;
                return (
                    model.Rename(isNew: step.Kind == Kind.Rename),
                    key.Update(new() { Caller = Sample.Caller, Name = name }, now));
            case Kind.Revoke:
                model.Revoke();
                return (ChangeOutcome.Done, key.Revoke(now));
            case Kind.Erase:
                model.Erase(now);
                key.EraseEnded(now);
                break;
        }

        return default;

        (ChangeOutcome, ChangeOutcome) Rotate(TimeSpan grace)
        {
            var secret = RuledKey.Mint();
            var expected = model.Rotate(secret.Reveal(), grace, now);
            var actual = key.TryRotate(secret, now, grace);
            secrets.Add((secret, actual == ChangeOutcome.Done ? key.IdOf(secret) : SecretId.New(now)));
            return (expected, actual);
        }
    }
}
