using System.Security.Cryptography.X509Certificates;
using KeysCluster.Security;
using KeysCluster.Security.Certificates;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Security;

public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly TestCertificateAuthority _authority = new();
    private readonly TestCertificateAuthority _otherAuthority = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly FakeLogger<ClusterCertificates> _logger = new();

    public void Dispose()
    {
        _authority.Dispose();
        _otherAuthority.Dispose();
    }

    [Theory]
    [InlineData("silo", ClusterRole.Silo)]
    [InlineData("front-end", ClusterRole.FrontEnd)]
    [InlineData("validator", ClusterRole.Validator)]
    [InlineData("administrator", null)]
    [InlineData(null, null)]
    public void A_certificate_has_the_role_that_its_uri_names(string? role, ClusterRole? expected)
    {
        using var certificate = Load(_authority.Issue(role, name: "peer"));

        Assert.Equal(expected, Create().FindRole(certificate));
    }

    [Fact]
    public void A_certificate_of_another_authority_has_no_role()
    {
        using var certificate = Load(_otherAuthority.Issue("silo"));

        Assert.Null(Create().FindRole(certificate));
    }

    [Fact]
    public void An_expired_certificate_has_no_role()
    {
        using var certificate = Load(_authority.Issue("silo", TimeSpan.FromHours(1), name: "peer"));
        var certificates = Create();
        Assert.Equal(ClusterRole.Silo, certificates.FindRole(certificate));

        _clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(2));
        Assert.Null(certificates.FindRole(certificate));
    }

    [Fact]
    public void Replaced_files_take_effect_without_a_restart()
    {
        var certificates = Create();
        var before = certificates.Own.Thumbprint;
        _authority.Issue("silo");
        Assert.Equal(before, certificates.Own.Thumbprint);

        _clock.Advance(ReloadedFiles<LoadedCertificates>.CheckInterval);
        Assert.NotEqual(before, certificates.Own.Thumbprint);
    }

    /// <summary>While files are replaced, the certificate and the key may be of different pairs for a moment.</summary>
    [Fact]
    public void Files_that_do_not_fit_leave_the_previous_certificate_in_effect()
    {
        var certificates = Create();
        var before = certificates.Own.Thumbprint;
        var (certificate, key) = _authority.Issue("front-end");
        File.Copy(key, Path.ChangeExtension(certificate, null).Replace("front-end", "silo", StringComparison.Ordinal)
            + ".key", overwrite: true);

        _clock.Advance(ReloadedFiles<LoadedCertificates>.CheckInterval);
        Assert.Equal(before, certificates.Own.Thumbprint);
        Assert.Contains("previous ones remain", _logger.LatestRecord.Message, StringComparison.Ordinal);

        _authority.Issue("silo");
        _clock.Advance(ReloadedFiles<LoadedCertificates>.CheckInterval);
        Assert.NotEqual(before, certificates.Own.Thumbprint);
    }

    [Fact]
    public void A_file_that_is_no_certificate_is_an_error_that_names_it()
    {
        var (certificate, key) = _authority.Issue("silo");
        File.WriteAllText(certificate, "nothing");
        var exception = Assert.Throws<InvalidOperationException>(() => Create(certificate, key));

        Assert.Contains(certificate, exception.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 Load((string Certificate, string Key) files) =>
        X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private ClusterCertificates Create()
    {
        var (certificate, key) = _authority.Issue("silo");
        return Create(certificate, key);
    }

    private ClusterCertificates Create(string certificate, string key) => new(
        new ClusterTlsOptions { Certificate = certificate, Key = key, CertificateAuthority = _authority.RootFile },
        _clock,
        _logger);
}
