using KeysCluster.Grains.Changes;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

/// <summary>
/// A virtual key as a state to which the rules are applied, without a grain, storage or a clock. Each change is
/// recorded as the event that the database would store.
/// </summary>
internal sealed class RuleTestKey
{
    /// <summary>The permitted clock offset, for which a change keeps hashes after their deadline.</summary>
    public static readonly TimeSpan MaxClockOffset = TimeSpan.FromSeconds(1);

    private static readonly VirtualKeyId Id = VirtualKeyId.Parse("vk_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    private readonly List<VirtualKeyState> _versions = [];

    public RuleTestKey(DateTimeOffset now, DateTimeOffset? expiresAt = null)
    {
        First = Mint();
        var decision = TryCreate(First, now, expiresAt);
        Assert.Equal(ChangeOutcome.Done, decision.Outcome);
        _versions.Add(EventRecorder.Record(before: null, decision.State!));
    }

    public VirtualKeyState State => _versions[^1];

    /// <summary>All states that were stored.</summary>
    public IReadOnlyList<VirtualKeyState> Versions => _versions;

    /// <summary>Whether the last command must invalidate every cache before it is acknowledged.</summary>
    public bool RequiredInvalidation { get; private set; }

    public Secret First { get; }

    public static Secret Mint() => TestData.MintSecret(Id);

    public static Decision<VirtualKeyState> TryCreate(Secret secret, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        var command = TestData.NewCreateCommand(secret, now) with { ExpiresAt = expiresAt };
        var stored = StoredSecret.From(command.Secret, TestData.Pepper, now);
        return VirtualKeyLifecycle.Create(Id.ToString(), command, stored, now);
    }

    /// <summary>Rotates, asserts that the rotation was accepted, and returns the new secret.</summary>
    public Secret Rotate(DateTimeOffset now, TimeSpan? gracePeriod = null)
    {
        var secret = Mint();
        Assert.Equal(ChangeOutcome.Done, TryRotate(secret, now, gracePeriod));
        return secret;
    }

    /// <summary>Rotates with a grace period, or with the default of the command.</summary>
    public ChangeOutcome TryRotate(Secret secret, DateTimeOffset now, TimeSpan? gracePeriod = null)
    {
        var command = TestData.NewRotateCommand(TestData.Caller, secret, now);
        if (gracePeriod is { } grace) command = command with { GracePeriod = grace };
        return TryRotate(command, now);
    }

    public ChangeOutcome TryRotate(RotateSecretCommand command, DateTimeOffset now) =>
        Apply(VirtualKeyLifecycle.Rotate(State, command, TestData.Pepper, now, now - MaxClockOffset));

    public ChangeOutcome ExpireRetiringSecret(SecretId secret, DateTimeOffset now) => ExpireRetiring(secret, now);

    public ChangeOutcome ExpireAllRetiringSecrets(DateTimeOffset now) => ExpireRetiring(secret: null, now);

    public ChangeOutcome ChangeDeadline(SecretId secret, DateTimeOffset validUntil, DateTimeOffset now) =>
        Apply(VirtualKeyLifecycle.ChangeDeadline(State, new(TestData.Caller, secret, validUntil), now));

    public ChangeOutcome Update(UpdateVirtualKeyCommand command, DateTimeOffset now) =>
        Apply(VirtualKeyLifecycle.Update(State, command, now));

    public ChangeOutcome SetExpiry(DateTimeOffset? expiresAt, DateTimeOffset now) =>
        Update(TestData.NewExpiryCommand(expiresAt), now);

    public ChangeOutcome Disable(DateTimeOffset now, string? reason = null) =>
        Apply(VirtualKeyLifecycle.Disable(State, TestData.Caller, reason, now));

    public ChangeOutcome Enable(DateTimeOffset now) => Apply(VirtualKeyLifecycle.Enable(State, TestData.Caller, now));

    public ChangeOutcome Revoke(DateTimeOffset now) => Apply(VirtualKeyLifecycle.Revoke(State, TestData.Caller, now));

    /// <summary>Erases what expired up to an instant, earlier than now by the permitted clock offset.</summary>
    public void EraseExpired(DateTimeOffset eraseBefore) =>
        Store(SecretHolderLifecycle.EraseExpired(State, TestData.Start, eraseBefore));

    /// <summary>Hands out the current secret to a retry of its request.</summary>
    public void Replay(DateTimeOffset now)
    {
        var replayed = StateEvent.Create(EventTypes.Replayed, TestData.Caller, now, State.Secrets.CurrentSecret.Id);
        Store(State with { LastEvent = replayed });
    }

    /// <summary>Writes a time of last use, which is no event.</summary>
    public void Use(DateTimeOffset now)
    {
        var uses = new Dictionary<string, SecretUse> { [State.Secrets.CurrentSecret.Id] = new(now) };
        _versions.Add(State with { Secrets = State.Secrets.WithLastUsed(uses), LastUsedAt = now });
    }

    public void AssertLastEvent(string type, DateTimeOffset at, SecretId? secret = null)
    {
        var last = State.LastEvent;
        Assert.Equal(
            (type, TestData.Caller.Actor, at, secret?.ToString()), (last.Type, last.Actor, last.At, last.SecretId));
        Assert.Equal(at, State.UpdatedAt);
    }

    public VerdictCode Validate(Secret secret, DateTimeOffset now) =>
        Find(secret) is { } stored ? State.Evaluate(stored, now) : VerdictCode.NotFound;

    public DateTimeOffset? GetValidUntil(Secret secret) => Find(secret)?.ValidUntil;

    /// <summary>Returns the id of a secret that is not erased.</summary>
    public SecretId GetSecretId(Secret secret) => SecretId.Parse(Find(secret)!.Id);

    private StoredSecret? Find(Secret secret) => State.Secrets.Find(TestData.Present(secret));

    private ChangeOutcome ExpireRetiring(SecretId? secret, DateTimeOffset now) =>
        Apply(VirtualKeyLifecycle.ExpireRetiringSecrets(State, new(TestData.Caller, secret), now));

    private ChangeOutcome Apply(Decision<VirtualKeyState> decision)
    {
        RequiredInvalidation = decision.RequiresInvalidation;
        Store(decision.State!);
        return decision.Outcome;
    }

    private void Store(VirtualKeyState next)
    {
        if (!ReferenceEquals(next, State)) _versions.Add(EventRecorder.Record(State, next));
    }
}
