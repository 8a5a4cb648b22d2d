using System.Data.Common;
using KeysCluster.Grains.Secrets;
using KeysCluster.Silo.Peppers;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Storage.Tests.Peppers;

public sealed class PepperReloadTests
{
    [Fact]
    public async Task A_new_pepper_is_current_also_while_the_database_cannot_be_reached()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Keys:Pepper"] = Convert.ToBase64String(new byte[32]),
            ["Keys:Peppers:next"] = Convert.ToBase64String(new byte[33]),
        }).Build();
        var log = new RecordingLogger();
        var peppers = NamedPeppers.Read(configuration);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new Provider(log)));
        services.AddSingleton<DbDataSource>(
            SqliteFactory.Instance.CreateDataSource("Data Source=/nowhere/keys.db;Mode=ReadWrite"));
        services.AddPeppers(configuration, peppers);
        await using var provider = services.BuildServiceProvider();
        var service = Assert.Single(provider.GetServices<IHostedService>());
        await service.StartAsync(CancellationToken.None);
        var ring = provider.GetRequiredService<PepperRing>();
        Assert.Same(peppers.Set, ring.Peppers);

        configuration["Keys:CurrentPepper"] = "next";
        configuration.Reload();

        Assert.Equal([peppers.Set.All[1].Id, peppers.Set.Current.Id], ring.Peppers.All.Select(pepper => pepper.Id));
        await Wait.UntilAsync(() => log.Count(332) == 1);
        Assert.Equal(1, log.Count(330));
    }

    private sealed class Provider(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
