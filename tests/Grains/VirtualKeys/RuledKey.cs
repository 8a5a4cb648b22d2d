using KeysCluster.Grains.Owners;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>A virtual key under the rules alone: no grain, no storage, and the time that each call is told.</summary>
internal sealed class RuledKey
{
    private static readonly VirtualKeyId Id = VirtualKeyId.Parse("vk_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    public RuledKey(DateTimeOffset now, DateTimeOffset? expiresAt = null)
    {
        First = Mint();
        var (outcome, state) = TryCreate(First, now, expiresAt);
        Assert.Equal(ChangeOutcome.Done, outcome);
        State = Assert.IsType<VirtualKeyState>(state);
    }

    public VirtualKeyState State { get; private set; }

    public Secret First { get; }

    public static Secret Mint() => VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live);

    public static Decision<VirtualKeyState?> TryCreate(Secret secret, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        var command = Sample.Creation(secret, now) with { ExpiresAt = expiresAt };
        return VirtualKeyLifecycle.Create(Id.ToString(), command, StoredSecret.Of(command.Secret, Sample.Pepper, now), now);
    }

    /// <summary>Rotates and returns the new secret.</summary>
    public Secret Rotate(DateTimeOffset now, TimeSpan? gracePeriod = null)
    {
        var secret = Mint();
        Assert.Equal(ChangeOutcome.Done, TryRotate(secret, now, gracePeriod));
        return secret;
    }

    /// <summary>Rotates with a grace period, or as a command does that names none.</summary>
    public ChangeOutcome TryRotate(Secret secret, DateTimeOffset now, TimeSpan? gracePeriod = null)
    {
        var command = new RotateSecret { Caller = Sample.Caller, Secret = NewSecret.Of(secret, now) };
        if (gracePeriod is { } grace) command = command with { GracePeriod = grace };
        return Keep(VirtualKeyLifecycle.UnlessRevoked(State, key => SecretOwnerLifecycle.Rotate<VirtualKeyState, VirtualKey>(
            key, StoredSecret.Of(command.Secret, Sample.Pepper, now), command, now)));
    }

    public ChangeOutcome Cut(SecretId secret, DateTimeOffset now) =>
        Cut(new CutRetiringSecrets(Sample.Caller, secret), now);

    public ChangeOutcome CutAll(DateTimeOffset now) => Cut(new CutRetiringSecrets(Sample.Caller, null), now);

    public ChangeOutcome MoveDeadline(SecretId secret, DateTimeOffset validUntil, DateTimeOffset now) =>
        Keep(VirtualKeyLifecycle.UnlessRevoked(State, key => SecretOwnerLifecycle.MoveDeadline<VirtualKeyState, VirtualKey>(
            key, new MoveDeadline(Sample.Caller, secret, validUntil), now)));

    public ChangeOutcome Update(UpdateVirtualKey command, DateTimeOffset now) =>
        Keep(VirtualKeyLifecycle.Update(State, command, now));

    public ChangeOutcome Expire(DateTimeOffset? expiresAt, DateTimeOffset now) =>
        Update(new() { Caller = Sample.Caller, SetsExpiresAt = true, ExpiresAt = expiresAt }, now);

    public ChangeOutcome Disable(DateTimeOffset now, string? reason = null) =>
        Keep(VirtualKeyLifecycle.Disable(State, Sample.Caller, reason, now));

    public ChangeOutcome Enable(DateTimeOffset now) => Keep(VirtualKeyLifecycle.Enable(State, Sample.Caller, now));

    public ChangeOutcome Revoke(DateTimeOffset now) => Keep(VirtualKeyLifecycle.Revoke(State, Sample.Caller, now));

    public void EraseEnded(DateTimeOffset now) =>
        State = SecretOwnerLifecycle.EraseEnded<VirtualKeyState, VirtualKey>(State, now);

    public VerdictCode Validate(Secret secret, DateTimeOffset now) =>
        Find(secret) is { } stored ? VirtualKeyLifecycle.Validate(State, stored, now) : VerdictCode.NotFound;

    public DateTimeOffset? ValidUntil(Secret secret) => Find(secret)?.ValidUntil;

    /// <summary>The id of a secret that is not erased.</summary>
    public SecretId IdOf(Secret secret) => SecretId.Parse(Find(secret)!.Id);

    private StoredSecret? Find(Secret secret) => State.Secrets.Find(Sample.HashOf(secret));

    private ChangeOutcome Cut(CutRetiringSecrets command, DateTimeOffset now) => Keep(VirtualKeyLifecycle.UnlessRevoked(
        State, key => SecretOwnerLifecycle.Cut<VirtualKeyState, VirtualKey>(key, command, now)));

    private ChangeOutcome Keep(Decision<VirtualKeyState> decision)
    {
        State = decision.State;
        return decision.Outcome;
    }
}
