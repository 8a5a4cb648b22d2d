using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KeysCluster.TestKit;

/// <summary>A certificate authority, and the files of the certificates that it issues. Disposal deletes them.</summary>
public sealed class TestCertificateAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-certificates-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    /// <summary>Creates an authority.</summary>
    public TestCertificateAuthority()
    {
        var request = new CertificateRequest("CN=KeysCluster test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    /// <summary>The path of the root certificate.</summary>
    public string RootFile => Path.Combine(_folder, "authority.pem");

    /// <summary>Issues a certificate with one role, and returns the paths of the certificate and its key.</summary>
    /// <param name="role">The role, the end of its URI; null for a certificate without a role.</param>
    /// <param name="validFor">How long it is valid; negative for an expired one.</param>
    /// <param name="name">The name of the files; null for the role.</param>
    public (string Certificate, string Key) Issue(string? role, TimeSpan? validFor = null, string? name = null)
    {
        var path = Path.Combine(_folder, name ?? role ?? "none");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={role}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("node.example");
        if (role is not null) names.AddUri(new Uri($"urn:keyscluster:{role}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(
            _root, now.AddDays(-2), now + (validFor ?? TimeSpan.FromDays(1)), RandomNumberGenerator.GetBytes(16));

        // Each file is replaced as a whole.
        Replace($"{path}.key", key.ExportPkcs8PrivateKeyPem());
        Replace($"{path}.pem", certificate.ExportCertificatePem());
        return ($"{path}.pem", $"{path}.key");
    }

    /// <summary>Issues a certificate with one role, and returns the settings that name its files.</summary>
    public Dictionary<string, string> IssueSettings(string role)
    {
        var (certificate, key) = Issue(role);
        return new Dictionary<string, string>
        {
            ["Cluster:Tls:Certificate"] = certificate,
            ["Cluster:Tls:Key"] = key,
            ["Cluster:Tls:CertificateAuthority"] = RootFile,
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _key.Dispose();
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Replace(string path, string content)
    {
        SecretFiles.Write($"{path}.new", content);
        File.Move($"{path}.new", path, overwrite: true);
    }
}
