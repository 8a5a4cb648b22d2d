using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KeysCluster.Api.Tls;

internal static class ApiTlsExtensions
{
    /// <summary>
    /// Serves the addresses that begin with <c>https://</c> with the configured certificate. Kestrel would read a
    /// changed file too, but refuse connections while it opens its port again.
    /// </summary>
    public static void AddApiTls(this IHostApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Api:Tls").Get<ApiTlsOptions>();
        if (options is null) return;
        builder.Services.AddSingleton(services => new ApiCertificate(
            options,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ApiCertificate>>()));
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ApiCertificate>((kestrel, certificate) =>
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
                https.OnAuthenticate = (_, tls) =>
                {
                    // Unlike the selector, the context contains the chain.
                    tls.ServerCertificateSelectionCallback = null;
                    tls.ServerCertificateContext = certificate.Current;
                };
            }));
    }
}
