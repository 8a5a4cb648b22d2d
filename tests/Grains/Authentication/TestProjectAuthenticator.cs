using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Accepts one API key, or is unavailable.</summary>
internal sealed class TestProjectAuthenticator(Secret apiKey) : IProjectAuthenticator
{
    public static readonly SecretId KeyId = SecretId.New(TestData.Start);

    public bool IsUnavailable { get; set; }

    public ValueTask<SecretId?> AuthenticateAsync(Secret presented)
    {
        if (IsUnavailable) throw new ValidationUnavailableException("A test.");
        return ValueTask.FromResult<SecretId?>(presented.Reveal() == apiKey.Reveal() ? KeyId : null);
    }
}
