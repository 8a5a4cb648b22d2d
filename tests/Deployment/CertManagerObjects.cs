using k8s.Models;

namespace KeysCluster.Deployment.Tests;

/// <summary>The members of cert-manager's objects that the manifests use.</summary>
internal static class CertManagerObjects
{
    public static readonly IDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        ["cert-manager.io/v1/Issuer"] = typeof(Issuer),
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
    };

    internal abstract class CertManagerObject : IMetadata<V1ObjectMeta>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        public V1ObjectMeta Metadata { get; set; } = new();
    }

    internal sealed class Issuer : CertManagerObject
    {
        public IssuerSpec Spec { get; set; } = new();
    }

    internal sealed class IssuerSpec
    {
        public object? SelfSigned { get; set; }

        public AuthoritySpec? Ca { get; set; }
    }

    internal sealed class AuthoritySpec
    {
        public string? SecretName { get; set; }
    }

    internal sealed class Certificate : CertManagerObject
    {
        public CertificateSpec Spec { get; set; } = new();
    }

    internal sealed class CertificateSpec
    {
        public bool IsCA { get; set; }

        public string? CommonName { get; set; }

        public List<string> Uris { get; set; } = [];

        public List<string> DnsNames { get; set; } = [];

        public string? SecretName { get; set; }

        public string? Duration { get; set; }

        public string? RenewBefore { get; set; }

        public List<string> Usages { get; set; } = [];

        public KeySpec? PrivateKey { get; set; }

        public IssuerReference? IssuerRef { get; set; }
    }

    internal sealed class KeySpec
    {
        public string? Algorithm { get; set; }

        public int Size { get; set; }

        public string? RotationPolicy { get; set; }
    }

    internal sealed class IssuerReference
    {
        public string? Name { get; set; }

        public string? Kind { get; set; }
    }
}
