using System.Diagnostics.CodeAnalysis;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Accepts one API key, which may only view and verify virtual keys, or is unavailable.</summary>
internal sealed class TestProjectAuthenticator(Secret apiKey) : IProjectAuthenticator
{
    public static readonly SecretId KeyId = SecretId.New(TestData.Start);

    public bool IsUnavailable { get; set; }

    /// <summary>Whether the key is in the cache.</summary>
    public bool IsCached { get; set; }

    /// <summary>How many keys were looked up.</summary>
    public int LookupCount => Volatile.Read(ref _lookupCount);

    /// <summary>When set, look-ups wait for it.</summary>
    public Task? Block { get; set; }

    private static readonly AuthenticatedApiKey Key = new(
        ApiKeyId.First(TestData.Project),
        KeyId,
        [ApiKeyPermissions.ViewVirtualKeys, ApiKeyPermissions.VerifyVirtualKeys],
        IsRetiring: false,
        ProjectStatus.Active);

    private int _lookupCount;

    public async ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret presented)
    {
        Interlocked.Increment(ref _lookupCount);
        if (Block is { } block) await block;
        if (IsUnavailable) throw new ValidationUnavailableException("A test.");
        return presented.Reveal() == apiKey.Reveal() ? Key : null;
    }

    public bool TryAuthenticateFromCache(Secret presented, [NotNullWhen(true)] out AuthenticatedApiKey? authenticated)
    {
        authenticated = IsCached && presented.Reveal() == apiKey.Reveal() ? Key : null;
        return authenticated is not null;
    }
}
