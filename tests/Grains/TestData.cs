using System.Text;
using KeysCluster.Grains.Secrets;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests;

/// <summary>Values and commands that the tests share.</summary>
internal static class TestData
{
    public const string Admin = "admin";

    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    public static readonly ProjectId Project = ProjectId.Parse("project_01KAN5D0W4ZXQ3T8M6R2V9YB7C");

    public static readonly ProjectId OtherProject = ProjectId.Parse("project_01KAN5D0W4ZXQ3T8M6R2V9YB7D");

    public static readonly Caller Caller = new(Project, "sk-lw-ABCDEF");

    public static readonly Caller OtherCaller = Caller with { Project = OtherProject };

    public static readonly Pepper Pepper = new([.. Enumerable.Range(0, Pepper.MinLength).Select(i => (byte)i)]);

    /// <summary>The pepper to which tests rotate.</summary>
    public static readonly Pepper NextPepper =
        Pepper.WithHashKeys([.. Enumerable.Range(100, Pepper.MinLength).Select(i => (byte)i)]);

    public static readonly PepperSet Peppers = new(Pepper);

    /// <summary>The smallest step of stored and displayed times.</summary>
    public static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static readonly IdempotentRequest OriginalRequest = NewIdempotentRequest("retry");

    /// <summary>A retry of <see cref="OriginalRequest"/>. Its sender has minted and sealed another secret.</summary>
    public static readonly IdempotentRequest RetriedRequest =
        NewIdempotentRequest("retry", sealedSecret: "the sealed secret of the retry");

    /// <summary>Another request with the idempotency key of <see cref="OriginalRequest"/>.</summary>
    public static readonly IdempotentRequest ConflictingRequest =
        NewIdempotentRequest("retry", content: "another request");

    /// <summary>Returns a new secret of a new key.</summary>
    public static Secret MintSecret() => MintSecret(VirtualKeyId.New(Start));

    public static Secret MintSecret(VirtualKeyId key) => VirtualKeySecret.Mint(key, VirtualKeyEnvironment.Live);

    public static PresentedHashes Present(Secret secret) => new(secret.ComputeDigest(), Peppers);

    public static StoredSecret NewStoredSecret(Secret secret, DateTimeOffset now) =>
        StoredSecret.From(NewSecret.From(secret, now), Pepper, now);

    public static IdempotentRequest NewIdempotentRequest(
        string key, string content = "the same request", string sealedSecret = "the sealed secret") =>
        new(Sha256Digest.Compute(key), Sha256Digest.Compute(content), Encoding.ASCII.GetBytes(sealedSecret));

    public static CreateVirtualKeyCommand NewCreateCommand(Secret secret, DateTimeOffset now) => new()
    {
        Caller = Caller,
        Name = "a name",
        Description = "a description",
        Environment = VirtualKeyEnvironment.Live,
        PrincipalUserId = "user_1",
        ProviderCredentialIds = ["credential_1", "credential_2"],
        Secret = NewSecret.From(secret, now),
    };

    public static RotateSecretCommand NewRotateCommand(Caller caller, Secret secret, DateTimeOffset now) =>
        new() { Caller = caller, Secret = NewSecret.From(secret, now) };

    public static UpdateVirtualKeyCommand NewExpiryCommand(DateTimeOffset? expiresAt) =>
        new() { Caller = Caller, SetsExpiresAt = true, ExpiresAt = expiresAt };
}
