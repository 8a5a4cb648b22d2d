using KeysCluster.Grains.Webhooks;
using Microsoft.Extensions.Options;

namespace KeysCluster.Grains.Tests.Deliveries;

public sealed class WebhookUrlRulesTests
{
    [Theory]
    [InlineData("https://hooks.example.com/keys")]
    [InlineData("https://hooks.example.com:443/keys?x=1")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://bücher.example/")]
    public void A_public_https_URL_is_allowed(string url) => Assert.True(CreateRules().IsAllowed(url));

    /// <summary>With the forms of addresses that a parser of its own could miss.</summary>
    [Theory]
    [InlineData("http://hooks.example.com/")]
    [InlineData("https://hooks.example.com:8443/")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://hooks.example.com/#x")]
    [InlineData("/relative")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://localhost/")]
    [InlineData("https://metadata/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    public void Anything_else_is_refused(string url) => Assert.False(CreateRules().IsAllowed(url));

    [Theory]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://hooks/")]
    public void In_a_closed_network_private_addresses_are_allowed(string url) =>
        Assert.True(CreateRules(allowPrivate: true).IsAllowed(url));

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://user@127.0.0.1/")]
    public void Also_there_a_URL_is_one_of_HTTP(string url) =>
        Assert.False(CreateRules(allowPrivate: true).IsAllowed(url));

    internal static WebhookUrlRules CreateRules(bool allowPrivate = false) =>
        new(Options.Create(new WebhookOptions { AllowPrivateAddresses = allowPrivate }));
}
