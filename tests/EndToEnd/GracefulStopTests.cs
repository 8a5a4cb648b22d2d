using System.Globalization;
using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class GracefulStopTests
{
    private const int ClientCount = 16;

    [Fact]
    public async Task A_stopping_embedded_node_answers_every_request_that_it_carries_out()
    {
        await using var service = new EmbeddedService();
        IReadOnlyList<(string Id, string Secret)> keys;
        int[] answered;
        await using (var process = await service.StartAsync())
        {
            using var creator = process.CreateClient(service.ApiKey);
            keys = await creator.CreateManyAsync(ClientCount);
            answered = new int[ClientCount];

            // Each keeps its connection, as clients do, until the node accepts no more.
            var clients = keys.Select((key, client) => RotateUntilRefusedAsync(process, key.Id, client)).ToList();
            await Wait.UntilAsync(() => answered.Sum() > 10 * ClientCount);
            Assert.Equal(0, await process.StopAsync());
            await Task.WhenAll(clients);
        }

        await using var next = await service.StartAsync();
        using var reader = next.CreateClient(service.ApiKey);
        foreach (var (client, (id, _)) in keys.Index())
        {
            var key = (await reader.GetAsync(id)).Json.GetProperty("virtual_key");
            var revision = int.Parse(key.GetProperty("revision").GetString()!, CultureInfo.InvariantCulture);
            Assert.Equal(1 + answered[client], revision);
        }

        async Task RotateUntilRefusedAsync(ServiceProcess process, string id, int client)
        {
            using var http = process.CreateClient(service.ApiKey);
            try
            {
                while (true)
                {
                    var response = await http.SendAsync(
                        HttpMethod.Post, Routes.Rotate(id), new { grace_period_seconds = 0 });
                    response.EnsureStatus(HttpStatusCode.OK);
                    answered[client]++;
                }
            }
            catch (HttpRequestException)
            {
                // The node has stopped.
            }
        }
    }
}
