using System.Text;
using KeysCluster.Grains.Secrets;
using KeysCluster.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests;

/// <summary>What the tests agree on: an instant to begin at, a project, a pepper, a key to create.</summary>
internal static class TestData
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 15, 0, TimeSpan.Zero);

    public static readonly ProjectId Project = ProjectId.Parse("project_01KAN5D0W4ZXQ3T8M6R2V9YB7C");

    public static readonly ProjectId OtherProject = ProjectId.Parse("project_01KAN5D0W4ZXQ3T8M6R2V9YB7D");

    public static readonly Caller Caller = new(Project, "sk-lw-ABCDEF");

    public static readonly Pepper Pepper = new([.. Enumerable.Range(0, Pepper.MinLength).Select(i => (byte)i)]);

    /// <summary>The smallest step of the service's clock.</summary>
    public static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static byte[] ComputeHash(Secret secret) => Pepper.Hash(secret.ComputeDigest());

    public static StoredSecret CreateStoredSecret(Secret secret, DateTimeOffset now) =>
        StoredSecret.From(NewSecret.From(secret, now), Pepper, now);

    /// <summary>What goes along with a command that may be sent again; a retry seals another secret than the first attempt.</summary>
    public static IdempotentRequest CreateIdempotentRequest(string key, string asked = "the same", string sealedSecret = "sealed by the first") =>
        new(Sha256Digest.Compute(key), Sha256Digest.Compute(asked), Encoding.ASCII.GetBytes(sealedSecret));

    public static CreateVirtualKeyCommand CreateKeyCommand(Secret secret, DateTimeOffset now) => new()
    {
        Caller = Caller,
        Name = "a name",
        Description = "a description",
        Environment = VirtualKeyEnvironment.Live,
        PrincipalUserId = "user_1",
        ProviderCredentialIds = ["credential_1", "credential_2"],
        Secret = NewSecret.From(secret, now),
    };
}
