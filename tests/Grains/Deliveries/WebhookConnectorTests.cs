using System.Net;
using System.Net.Sockets;
using KeysCluster.Grains.Deliveries;

namespace KeysCluster.Grains.Tests.Deliveries;

public sealed class WebhookConnectorTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00::1")]
    public async Task A_name_that_stands_for_a_private_address_is_refused(string address)
    {
        var connector = Create(new ScriptedResolver([address]));
        await Assert.ThrowsAsync<AddressNotAllowedException>(() => ConnectAsync(connector, "hooks.example.com", 443));
    }

    /// <summary>The first answer is for whoever checks the name, the second one for whoever connects to it.</summary>
    [Fact]
    public async Task A_name_that_changes_its_address_is_resolved_once()
    {
        var resolver = new ScriptedResolver(["203.0.114.1"], ["127.0.0.1"]);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<Exception>(() => Create(resolver)
            .ConnectAsync(new DnsEndPoint("rebinding.example.com", port), timeout.Token).AsTask());
        Assert.Equal(1, resolver.Calls);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Of_several_addresses_only_the_public_ones_are_tried()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<Exception>(() => Create(new ScriptedResolver(["127.0.0.1", "203.0.114.1"]))
            .ConnectAsync(new DnsEndPoint("hooks.example.com", port), timeout.Token).AsTask());
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task In_a_closed_network_a_private_address_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connector = new WebhookConnector(
            WebhookUrlRulesTests.CreateRules(allowPrivate: true), new ScriptedResolver(["127.0.0.1"]));
        await ConnectAsync(connector, "hooks", ((IPEndPoint)listener.LocalEndpoint).Port);
        using var accepted = await listener.AcceptTcpClientAsync();
        Assert.True(accepted.Connected);
    }

    private static WebhookConnector Create(IHostResolver resolver) =>
        new(WebhookUrlRulesTests.CreateRules(), resolver);

    private static async Task ConnectAsync(WebhookConnector connector, string host, int port)
    {
        await using var stream = await connector.ConnectAsync(new DnsEndPoint(host, port), CancellationToken.None);
    }

    /// <summary>Gives each call the next answer, and later ones the last.</summary>
    private sealed class ScriptedResolver(params string[][] answers) : IHostResolver
    {
        public int Calls { get; private set; }

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            var answer = answers[Math.Min(Calls++, answers.Length - 1)];
            return Task.FromResult<IReadOnlyList<IPAddress>>([.. answer.Select(IPAddress.Parse)]);
        }
    }
}
