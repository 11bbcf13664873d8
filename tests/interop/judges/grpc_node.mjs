// grpc-js in front of the daemon, by the .proto files as they are.
// Its argument is their folder.
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import { serve } from './lines.mjs';

const options = { keepCase: true, longs: String, enums: String, includeDirs: [process.argv[2]] };
const files = ['behalf/v1/token_broker', 'behalf/v1/tool_tokens', 'google/rpc/status', 'google/rpc/error_details'];
const types = loader.loadSync(files.map((name) => `${name}.proto`), options);
const { behalf } = grpc.loadPackageDefinition(types);

function errorOf(error) {
  const outcome = { ok: false, code: grpc.status[error.code], message: error.details };
  for (const bytes of error.metadata.get('grpc-status-details-bin')) {
    for (const detail of types['google.rpc.Status'].deserialize(bytes).details) {
      const name = detail.type_url.split('/')[1];
      outcome[name.replace('google.rpc.', '')] = types[name].deserialize(detail.value);
    }
  }
  return outcome;
}

function call({ socket, service, method, request, timeout = 30 }) {
  const client = new behalf.v1[service]('unix:' + socket, grpc.credentials.createInsecure());
  const deadline = Date.now() + timeout * 1000;
  return new Promise((resolve) => {
    client[method](request, { deadline }, (error, answer) => {
      client.close();
      resolve(error ? errorOf(error) : { ok: true, answer });
    });
  });
}

await serve(call);
