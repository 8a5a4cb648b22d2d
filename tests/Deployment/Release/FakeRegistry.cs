using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Deployment.Tests.Release;

/// <summary>A program in place of <c>skopeo</c>. The digest of an image is the hash of its name.</summary>
internal static class FakeRegistry
{
    /// <summary>The image is the last argument.</summary>
    public const string Script =
        "for image; do :; done; echo sha256:$(printf %s \"${image#docker://}\" | sha256sum | cut -c 1-64)";

    public static string GetDigest(string image) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(image)))}";
}
