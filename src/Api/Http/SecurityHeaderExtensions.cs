using KeysCluster.WebConsole.Http;

namespace KeysCluster.Api.Http;

internal static class SecurityHeaderExtensions
{
    private const string PagePolicy = "page";

    /// <summary>
    /// Adds the headers of every response: no sniffing, no frames, no referrer, HSTS over HTTPS, and a content security
    /// policy under which a response of the API can do nothing in a browser.
    /// </summary>
    public static void AddApiSecurityHeaders(this IServiceCollection services) =>
        services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(policy => policy
                .AddContentTypeOptionsNoSniff()
                .AddFrameOptionsDeny()
                .AddReferrerPolicyNoReferrer()
                .AddStrictTransportSecurityMaxAge()
                .AddContentSecurityPolicy(csp =>
                {
                    csp.AddDefaultSrc().None();
                    csp.AddFrameAncestors().None();
                }))
            .AddPolicy(PagePolicy, policy => policy
                .AddDefaultApiSecurityHeaders()
                .AddContentSecurityPolicy(csp =>
                {
                    csp.AddDefaultSrc().None();
                    csp.AddScriptSrc().Self().WithNonce();

                    // The page sets styles of elements while it runs, which neither a nonce nor a hash can permit.
                    csp.AddStyleSrc().Self().UnsafeInline();
                    csp.AddImgSrc().Self().Data();
                    csp.AddFontSrc().Self().Data();
                    csp.AddConnectSrc().Self();
                    csp.AddBaseUri().None();
                    csp.AddFormAction().None();
                    csp.AddFrameAncestors().None();
                }))
            .AddPolicy(ConsoleHeaders.Policy, ConsoleHeaders.Configure);

    /// <summary>Lets a page load scripts, styles and data from this service, and nothing from elsewhere.</summary>
    public static TBuilder WithPageSecurityHeaders<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithSecurityHeadersPolicy(PagePolicy);
}
