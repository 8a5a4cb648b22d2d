using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>A virtual key under the rules alone: no grain, no storage, and the time that each call is told.</summary>
internal sealed class RuledKey
{
    private static readonly VirtualKeyId Id = VirtualKeyId.Parse("vk_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    public RuledKey(DateTimeOffset now)
    {
        First = Mint();
        State = VirtualKeyLifecycle.Create(Id.ToString(), Sample.Creation(First), Sample.Stored(First, now), now);
    }

    public VirtualKeyState State { get; private set; }

    public Secret First { get; }

    public static Secret Mint() => VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live);

    /// <summary>Rotates and returns the new secret.</summary>
    public Secret Rotate(DateTimeOffset now)
    {
        var secret = Mint();
        Assert.Equal(ChangeOutcome.Done, TryRotate(secret, now));
        return secret;
    }

    public ChangeOutcome TryRotate(Secret secret, DateTimeOffset now) =>
        Keep(VirtualKeyLifecycle.Rotate(State, Sample.Stored(secret, now), "actor", now));

    public ChangeOutcome Update(UpdateVirtualKey command, DateTimeOffset now) =>
        Keep(VirtualKeyLifecycle.Update(State, command, now));

    public ChangeOutcome Revoke(DateTimeOffset now) => Keep(VirtualKeyLifecycle.Revoke(State, "actor", now));

    public void EraseEnded(DateTimeOffset now) => State = VirtualKeyLifecycle.EraseEnded(State, now);

    public VerdictCode Validate(Secret secret, DateTimeOffset now) =>
        VirtualKeyLifecycle.Validate(State, Sample.HashOf(secret), now).Code;

    public DateTimeOffset? ValidUntil(Secret secret, DateTimeOffset now) =>
        VirtualKeyLifecycle.Validate(State, Sample.HashOf(secret), now).ValidUntil;

    private ChangeOutcome Keep(Decision<VirtualKeyState> decision)
    {
        State = decision.State;
        return decision.Outcome;
    }
}
