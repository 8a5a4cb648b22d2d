using Microsoft.AspNetCore.Builder;

namespace KeysCluster.WebConsole.Http;

/// <summary>The security headers of the pages of the console.</summary>
public static class ConsoleHeaders
{
    /// <summary>The name of their policy, which the host registers.</summary>
    public const string Policy = "console";

    /// <summary>Permits the style sheet and the script of the console, and nothing else.</summary>
    public static void Configure(HeaderPolicyCollection policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy
            .AddContentTypeOptionsNoSniff()
            .AddFrameOptionsDeny()

            // With "no-referrer", browsers send forms without their origin.
            .AddReferrerPolicySameOrigin()
            .AddStrictTransportSecurityMaxAge()
            .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddScriptSrc().Self();
                csp.AddStyleSrc().Self();
                csp.AddImgSrc().Self().Data();
                csp.AddConnectSrc().Self();
                csp.AddBaseUri().None();
                csp.AddFormAction().Self();
                csp.AddFrameAncestors().None();
            });
    }
}
