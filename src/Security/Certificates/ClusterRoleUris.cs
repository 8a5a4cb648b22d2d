using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace KeysCluster.Security.Certificates;

/// <summary>The URIs by which certificates name a <see cref="ClusterRole"/>.</summary>
internal static class ClusterRoleUris
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>The tag of a URI in a <c>GeneralName</c>. Source: RFC 5280, section 4.2.1.6.</summary>
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Returns the role that a certificate names; null if it names none, or more than one.</summary>
    public static ClusterRole? FindRole(X509Certificate2 certificate)
    {
        var roles = certificate.Extensions
            .Where(extension => extension.Oid?.Value == SubjectAlternativeName)
            .SelectMany(extension => ReadUris(extension.RawData))
            .Select(Parse)
            .OfType<ClusterRole>()
            .Distinct()
            .ToList();
        return roles is [var role] ? role : null;
    }

    private static ClusterRole? Parse(string uri) => uri switch
    {
        "urn:keyscluster:silo" => ClusterRole.Silo,
        "urn:keyscluster:front-end" => ClusterRole.FrontEnd,
        "urn:keyscluster:validator" => ClusterRole.Validator,
        _ => null,
    };

    private static List<string> ReadUris(byte[] extension)
    {
        var uris = new List<string>();
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(UriTag))
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                else
                    names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return uris;
    }
}
