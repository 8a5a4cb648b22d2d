using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KeysCluster.Security.Certificates;

/// <summary>The certificate of this process and those of the authority, as of one read of their files.</summary>
internal sealed class LoadedCertificates
{
    private readonly X509Certificate2Collection _roots = [];
    private readonly X509Certificate2Collection _intermediates = [];

    private LoadedCertificates(X509Certificate2 own, X509Certificate2Collection authority)
    {
        Own = own;
        foreach (var certificate in authority)
        {
            var isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
            (isRoot ? _roots : _intermediates).Add(certificate);
        }
    }

    public X509Certificate2 Own { get; }

    /// <summary>The certificates of the authority.</summary>
    public IReadOnlyList<X509Certificate2> Authority => [.. _roots, .. _intermediates];

    /// <exception cref="CryptographicException">A file is not a certificate or key in PEM.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LoadedCertificates Load(string certificatePem, string keyPem, string authorityPem)
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPem(authorityPem);
        if (authority.Count == 0) throw new CryptographicException("The authority has no certificate in PEM.");
        return new LoadedCertificates(X509Certificate2.CreateFromPem(certificatePem, keyPem), authority);
    }

    /// <summary>
    /// Returns the role that a certificate proves; null if the authority of the cluster has not issued it, it is not
    /// valid now, or it names no role.
    /// </summary>
    public ClusterRole? FindRole(X509Certificate2 certificate, DateTimeOffset now) =>
        FindChainProblem(certificate, now) is null ? ClusterRoleUris.FindRole(certificate) : null;

    /// <summary>
    /// Returns why the authority of the cluster has not issued a certificate that is valid now; null if it has.
    /// </summary>
    public string? FindChainProblem(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.ExtraStore.AddRange(_intermediates);

        // Certificates are short-lived and replaced without a restart, so there is no revocation list.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate)
            ? null
            : string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation.Trim()));
    }
}
