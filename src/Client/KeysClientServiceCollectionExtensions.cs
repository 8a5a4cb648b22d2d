using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KeysCluster.Client;

/// <summary>Registers a <see cref="KeysClient"/>.</summary>
public static class KeysClientServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="KeysClient"/>, whose requests an <see cref="IHttpClientFactory"/> sends.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the address and the key.</param>
    /// <returns>The builder of the HTTP client, to add handlers to it.</returns>
    public static IHttpClientBuilder AddKeysClient(
        this IServiceCollection services, Action<KeysClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        var http = services.AddHttpClient<KeysClient>((provider, http) => GetOptions(provider).Configure(http));
        http.RedactLoggedHeaders(["Authorization"]);
        http.AddResilienceHandler(
            "KeysCluster", (builder, context) => RetryRules.Configure(builder, GetOptions(context.ServiceProvider)));
        http.AddHttpMessageHandler(() => new BufferingHandler());
        return http;
    }

    private static KeysClientOptions GetOptions(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<KeysClientOptions>>().Value;
}
