namespace KeysCluster.Benchmarks.Http;

/// <summary>The requests of <see cref="WrkLoad"/>.</summary>
/// <param name="BodiesFile">A file with one JSON body per line.</param>
/// <param name="ApiKey">
/// The API key. It is not passed on a command line, which other users of the machine can read.
/// </param>
internal sealed record WrkPostData(string BodiesFile, string ApiKey);
