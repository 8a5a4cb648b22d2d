using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Accepts one API key, which may only view virtual keys, or is unavailable.</summary>
internal sealed class TestProjectAuthenticator(Secret apiKey) : IProjectAuthenticator
{
    public static readonly SecretId KeyId = SecretId.New(TestData.Start);

    public bool IsUnavailable { get; set; }

    private static readonly AuthenticatedApiKey Key = new(
        ApiKeyId.First(TestData.Project),
        KeyId,
        [ApiKeyPermissions.ViewVirtualKeys],
        IsRetiring: false,
        ProjectStatus.Active);

    public ValueTask<AuthenticatedApiKey?> AuthenticateAsync(Secret presented)
    {
        if (IsUnavailable) throw new ValidationUnavailableException("A test.");
        return ValueTask.FromResult(presented.Reveal() == apiKey.Reveal() ? Key : null);
    }
}
