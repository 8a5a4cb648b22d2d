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

    private enum Step { Rotate, Rename, RenameToSame, ToDeadline, JustBeforeDeadline, Wait, Erase, Revoke }

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (12, Gen.Const(Step.Rotate)),
        (1, Gen.Const(Step.Rename)),
        (1, Gen.Const(Step.RenameToSame)),
        (2, Gen.Const(Step.ToDeadline)),
        (2, Gen.Const(Step.JustBeforeDeadline)),
        (3, Gen.Const(Step.Wait)),
        (2, Gen.Const(Step.Erase)));

    private static readonly Gen<(Step Step, int Minutes)[]> AnyHistory =
        from burst in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[30, 34]))
        from steps in Gen.Select(AnyStep, Gen.Int[0, 120]).Array[0, MaxSteps]
        from revokes in Gen.Bool
        from after in Gen.Select(AnyStep, Gen.Int[0, 120]).Array[0, 8]
        let before = Enumerable.Repeat((Step.Rotate, 0), burst).Concat(steps)
        select revokes ? [.. before, (Step.Revoke, 0), .. after] : before.ToArray();

    [Fact]
    public void A_key_behaves_as_its_model_whatever_happens_to_it() =>
        AnyHistory.Sample(Follow, iter: Histories, threads: 1, print: Print);

    private static void Follow((Step Step, int Minutes)[] history)
    {
        var now = Sample.Start;
        var key = new RuledKey(now);
        var model = new KeyModel(key.First.Reveal());
        List<Secret> secrets = [key.First, RuledKey.Mint()];

        foreach (var (step, minutes) in history)
        {
            var deadline = model.NextDeadline(now) ?? now.AddMinutes(minutes);
            switch (step)
            {
                case Step.Rotate:
                    var secret = RuledKey.Mint();
                    secrets.Add(secret);
                    Assert.Equal(model.Rotate(secret.Reveal(), now), key.TryRotate(secret, now));
                    break;
                case Step.Rename:
                case Step.RenameToSame:
                    var name = step == Step.Rename ? key.State.Name + "x" : key.State.Name;
                    Assert.Equal(
                        model.Rename(isNew: step == Step.Rename),
                        key.Update(new() { Caller = Sample.Caller, Name = name }, now));
                    break;
                case Step.ToDeadline:
                    now = deadline;
                    break;
                case Step.JustBeforeDeadline:
                    now = deadline - Sample.Millisecond > now ? deadline - Sample.Millisecond : now;
                    break;
                case Step.Wait:
                    now = now.AddMinutes(minutes);
                    break;
                case Step.Erase:
                    model.Erase(now);
                    key.EraseEnded(now);
                    break;
                case Step.Revoke:
                    model.Revoke();
                    Assert.Equal(ChangeOutcome.Done, key.Revoke(now));
                    break;
                default:
                    throw new InvalidOperationException($"{step}");
            }

            Assert.Equal(model.Revision, key.State.Revision);
            Assert.All(secrets, secret => Assert.Equal(model.Verdict(secret.Reveal(), now), key.Validate(secret, now)));
        }
    }

    private static string Print((Step Step, int Minutes)[] history) =>
        string.Join("; ", history.Select(step => step.Step == Step.Wait ? $"Wait {step.Minutes} min" : $"{step.Step}"));
}
