using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeysCluster.Security;
using KeysCluster.Security.Certificates;

namespace KeysCluster.Silo.Doctor;

/// <summary>Finds certificates that cannot be used, that others of the cluster refuse, and that expire soon.</summary>
internal sealed class CertificatesCheck() : DoctorCheck("certificates", "how-to/certificates.md")
{
    private const string Renewal = "Issue a new certificate, and replace the files: running processes read them again.";

    private static readonly TimeSpan RenewalPeriod = TimeSpan.FromDays(30);

    public override Task<IReadOnlyList<Finding>> RunAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var findings = new List<Finding>();
        if (context.Options?.Tls is { IsConfigured: true } tls) CheckCluster(findings, tls, now);
        var (certificate, key) = (context.Configuration["Api:Tls:Certificate"], context.Configuration["Api:Tls:Key"]);
        if (certificate is not null && key is not null) CheckApi(findings, certificate, key, now);
        if (findings.Count == 0) findings.Add(Skip("Neither Cluster:Tls nor Api:Tls is configured."));
        return Task.FromResult<IReadOnlyList<Finding>>(findings);
    }

    private void CheckCluster(List<Finding> findings, ClusterTlsOptions options, DateTimeOffset now)
    {
        ClusterCertificateFiles files;
        try
        {
            files = ClusterCertificateFiles.Read(options);
        }
        catch (InvalidOperationException exception)
        {
            findings.Add(Fail(
                $"The files of Cluster:Tls cannot be used: {exception.Message}", "Cluster:Tls",
                "Replace them by a certificate, its key without a password, and the authority, all in PEM."));
            return;
        }

        var path = options.Certificate!;

        // An expired certificate is reported below.
        var own = files.Own;
        var at = now < own.NotBefore.ToUniversalTime() ? own.NotBefore
            : now > own.NotAfter.ToUniversalTime() ? own.NotAfter
            : now;
        if (files.FindChainProblem(at) is { } problem)
        {
            findings.Add(Fail(
                $"The authority of the cluster has not issued the certificate: {problem}", path,
                "Issue a certificate with the key of the authority in Cluster:Tls:CertificateAuthority."));
        }

        if (files.Role != ClusterRole.Silo)
        {
            findings.Add(Fail(
                $"The certificate does not name the role of a silo, but {files.Role?.ToString() ?? "none"}.", path,
                "Issue one with the URI urn:keyscluster:silo among its subject alternative names."));
        }

        CheckValidity(findings, own, path, now);
        foreach (var authority in files.Authority)
            CheckValidity(findings, authority, options.CertificateAuthority!, now);
    }

    private void CheckApi(List<Finding> findings, string path, string keyPath, DateTimeOffset now)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPemFile(path);
            using var withKey = X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            findings.Add(Fail(
                $"The files of Api:Tls cannot be used: {exception.Message}", "Api:Tls",
                "Replace them by a certificate with its intermediate authorities, and its key without a password, in "
                + "PEM."));
            return;
        }

        foreach (var (certificate, issuer) in chain.Zip(chain.Skip(1)))
        {
            if (certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData)) continue;
            findings.Add(Fail(
                $"The chain is interrupted: {certificate.Subject} is not issued by {issuer.Subject}.", path,
                "Put the certificates into the file in their order: that of the host first, then that of its issuer."));
        }

        foreach (var certificate in chain) CheckValidity(findings, certificate, path, now);
    }

    private void CheckValidity(List<Finding> findings, X509Certificate2 certificate, string path, DateTimeOffset now)
    {
        DateTimeOffset notBefore = certificate.NotBefore.ToUniversalTime();
        DateTimeOffset notAfter = certificate.NotAfter.ToUniversalTime();
        var name = $"The certificate {certificate.Subject}";
        if (notAfter <= now) findings.Add(Fail($"{name} expired at {notAfter:u}.", path, Renewal));
        else if (notBefore > now)
        {
            findings.Add(Fail(
                $"{name} is not valid before {notBefore:u}.", path,
                "Synchronize the clock of this machine, or issue a new certificate."));
        }

        // Authorities renew short-lived certificates after two thirds of their lifetime.
        else if (notAfter - now < RenewalPeriod && notAfter - now < (notAfter - notBefore) / 3)
            findings.Add(Warn($"{name} expires at {notAfter:u}.", path, Renewal));
        else findings.Add(Ok($"{name} is valid until {notAfter:u}."));
    }
}
